import { gunzipSync } from "node:zlib";
import { type After, systemAfter } from "../../internal/timers.ts";
import { safely } from "../../internal/warn-once.ts";
import { backoffMs } from "./backoff.ts";
import type { InParts, Outcome, Sender } from "./delivery.ts";
import { splitRequest } from "./encode/split-request.ts";
import type { Frame, FrameLane } from "./frame-queue.ts";
import type { SpoolCounts } from "./spool-counts.ts";
import { tellUndeliverable, type UndeliverableListener } from "./undeliverable.ts";

export interface DeliveryOptions {
  readonly queue: FrameLane;
  readonly sender: Sender<Outcome | InParts>;
  readonly counts: SpoolCounts;
  /** Requests at a time, while the receiver takes them. */
  readonly maxInFlight: number;
  /** Told of what a user should know, in words; said as often as it happens. */
  readonly report: (news: DeliveryNews, frame: Frame) => void;
  /** Told of what the receiver will never take. */
  readonly onUndeliverable?: UndeliverableListener | undefined;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
  /** @default systemAfter */
  readonly after?: After;
}

export type DeliveryNews =
  | { readonly kind: "failing"; readonly why: string }
  | { readonly kind: "refused"; readonly why: string; readonly spans: number }
  | { readonly kind: "partial"; readonly why: string; readonly spans: number };

/** A receiver that takes not even this much takes nothing: down to single spans it would be asked a thousand times a batch. */
const SMALLEST_SPLIT_BYTES = 16 * 2 ** 10;

/** Why a drain ended. */
export type Drained = "empty" | "failing" | "timeout" | "closed";

/**
 * Sends what the queue holds, oldest first, several requests at a time. While the receiver fails, one request at a time probes
 * it, with growing pauses.
 */
export class DeliveryLoop {
  readonly #options: DeliveryOptions;
  readonly #after: After;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  /** Those who wait for the queue to be empty, or for the next failure. */
  readonly #drains = new Set<(how: Drained) => void>();
  #failures = 0;
  /** Ends the pause between two probes, while there is one. */
  #pause: (() => void) | undefined;
  #taking = false;
  #takeAgain = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#after = options.after ?? systemAfter;
  }

  /** There may be something to send. */
  wake(): void {
    if (this.#taking) this.#takeAgain = true;
    else void this.#take();
  }

  /** The same, also in the pause between two probes: something has changed. */
  retryNow(): void {
    this.#endPause();
    this.wake();
  }

  /**
   * Sends all there is, beginning at once also after failures.
   *
   * @param timeoutMs Holds the process: whoever waits for a flush must get its answer.
   * @returns `failing` after one attempt that failed: what is left waits where it is.
   */
  drain(timeoutMs: number): Promise<Drained> {
    const { promise, resolve } = Promise.withResolvers<Drained>();
    const done = (how: Drained): void => {
      forget();
      this.#drains.delete(done);
      resolve(how);
    };
    const forget = this.#after(timeoutMs, () => done("timeout"), true);
    this.#drains.add(done);
    this.retryNow();
    return promise;
  }

  /** Gives up what is on its way, which stays in the queue. */
  async stop(): Promise<void> {
    this.#endPause();
    this.#abort.abort();
    this.#finishDrains("closed");
    await Promise.all(this.#inFlight);
    this.#options.sender.close();
  }

  get #allowed(): number {
    return this.#failures > 0 ? 1 : this.#options.maxInFlight;
  }

  async #take(): Promise<void> {
    this.#taking = true;
    do {
      this.#takeAgain = false;
      while (!this.#resting && this.#inFlight.size < this.#allowed) {
        const frame = await this.#options.queue.take();
        if (frame === undefined) break;
        this.#send(frame);
      }
    } while (this.#takeAgain);
    this.#taking = false;
    if (this.#inFlight.size === 0 && this.#options.queue.size.frames === 0) this.#finishDrains("empty");
  }

  get #resting(): boolean {
    return this.#pause !== undefined || this.#abort.signal.aborted;
  }

  #send(frame: Frame): void {
    const sending = this.#options.sender.send(frame, this.#abort.signal).then((outcome) => {
      this.#inFlight.delete(sending);
      safely("settling a request", () => this.#settle(frame, outcome));
      this.wake();
    });
    this.#inFlight.add(sending);
  }

  #settle(frame: Frame, outcome: Outcome | InParts): void {
    const { queue, counts, report, onUndeliverable } = this.#options;
    if (outcome.kind === "retry") {
      queue.putBack(frame);
      this.#failed(frame, outcome.why, outcome.afterMs);
      return;
    }
    if (outcome.kind === "in_parts") {
      // What is left is in the queue before the whole leaves it: after a crash between, it is sent twice, not never.
      for (const part of outcome.left) queue.append(part);
      queue.settle(frame);
      counts.retries += outcome.left.length;
      counts.delivered += outcome.deliveredSpans;
      counts.rejected += outcome.rejectedSpans;
      return;
    }
    // It answers, whatever it said of this request.
    this.#failures = 0;
    if (outcome.kind === "too_large" && this.#splitInQueue(frame)) return;
    queue.settle(frame);
    if (outcome.kind === "delivered") {
      const { rejectedSpans, message } = outcome;
      counts.delivered += frame.spans - rejectedSpans;
      counts.rejected += rejectedSpans;
      if (message !== undefined) report({ kind: "partial", why: message, spans: rejectedSpans }, frame);
      return;
    }
    counts.dropped(outcome.kind === "too_large" ? "too_large" : outcome.reason, frame.spans);
    report({ kind: "refused", why: outcome.why, spans: frame.spans }, frame);
    tellUndeliverable(onUndeliverable, frame, outcome.kind, outcome.why);
  }

  #failed(frame: Frame, why: string, afterMs: number | undefined): void {
    const { counts, report, random = Math.random } = this.#options;
    if (this.#abort.signal.aborted) return;
    counts.retries++;
    // Requests that were on their way together fail together: that is one failure.
    if (this.#pause !== undefined) return;
    this.#failures++;
    report({ kind: "failing", why }, frame);
    // What the receiver asks for wins, but not to be asked again at once.
    const pauseMs =
      afterMs === undefined ? backoffMs(this.#failures, random()) : Math.max(afterMs, backoffMs(1, random()));
    const probe = (): void => {
      this.#pause = undefined;
      this.wake();
    };
    this.#pause = this.#after(pauseMs, probe, false);
    this.#finishDrains("failing");
  }

  #endPause(): void {
    this.#pause?.();
    this.#pause = undefined;
  }

  #finishDrains(how: Drained): void {
    for (const done of [...this.#drains]) done(how);
  }

  /** Both halves are in the queue before the whole leaves it: after a crash between, they are sent twice, not never. */
  #splitInQueue(frame: Frame): boolean {
    const { queue } = this.#options;
    const body = plainBody(frame);
    const parts = body.byteLength > SMALLEST_SPLIT_BYTES ? splitRequest(body) : undefined;
    if (parts === undefined) return false;
    for (const { body, spans } of parts)
      queue.append({ body, spans, gzip: false, createdMs: frame.createdMs });
    queue.settle(frame);
    return true;
  }
}

function plainBody({ body, gzip }: Frame): Uint8Array {
  return gzip ? gunzipSync(body) : body;
}
