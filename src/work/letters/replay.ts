import { DeadLetterExhaustedError } from "../../errors/dead-letter-exhausted-error.ts";
import { DeadLetterHeldError } from "../../errors/dead-letter-held-error.ts";
import { DeadLetterResolvedError } from "../../errors/dead-letter-resolved-error.ts";
import { DeadLetterUnaskedError } from "../../errors/dead-letter-unasked-error.ts";
import { UnknownDeadLetterError } from "../../errors/unknown-dead-letter-error.ts";
import { eitherSignal } from "../../internal/deadline.ts";
import { randomUUID } from "../../internal/late-builtins.ts";
import { jsonText } from "../../internal/plain-json.ts";
import { reportFailure, warnOnce } from "../../internal/warn-once.ts";
import type { LetterOutcome, LetterRecord } from "../../stores/letters/dead-letter-store.ts";
import { asked } from "./asked.ts";
import { type DeadLetter, letterOf } from "./dead-letter.ts";
import { failureOf, withFailure } from "./letter-failure.ts";
import type { LetterMetrics, ReplayOutcome } from "./letter-metrics.ts";
import type { DeadLetterSettings } from "./letter-options.ts";
import { ReplaySpan } from "./letter-telemetry.ts";
import { ReplayLease } from "./replay-lease.ts";

export interface ReplayContext {
  readonly letter: DeadLetter;
  /** The same at every replay of the letter: give it to whatever must happen once, as a payment. */
  readonly idempotencyKey: string;
  /** Of all attempts at the task. */
  readonly attempt: number;
  /** Aborted when the caller gives up, and when another one has taken the letter. */
  readonly signal: AbortSignal;
}

/** Does the task again. What it returns is the result; what it throws, or rejects with, is one more failure of the task. */
export type ReplayHandler<R = unknown> = (payload: unknown, context: ReplayContext) => R | PromiseLike<R>;

export interface ReplayOptions {
  /** Gives the payload that is replayed; the stored one stays as it is. */
  readonly modify?: (payload: unknown, letter: DeadLetter) => unknown;
  /** Gives up the replay: the letter is free again as soon as the handler has ended, and nothing counts. */
  readonly signal?: AbortSignal;
}

export type ReplayResult<R = unknown> =
  | { readonly ok: true; readonly result: R }
  /** The very error of the handler. */
  | { readonly ok: false; readonly error: unknown };

/** One replay of a letter, from its claim to what it came to. */
export class Replay<R> {
  readonly #settings: DeadLetterSettings;
  readonly #metrics: LetterMetrics;
  readonly #id: string;
  readonly #onlyAsked: boolean;
  readonly #claim = randomUUID();

  /** @param onlyAsked Whether it is to be done only where it was asked for. */
  constructor(settings: DeadLetterSettings, metrics: LetterMetrics, id: string, onlyAsked = false) {
    this.#settings = settings;
    this.#metrics = metrics;
    this.#id = id;
    this.#onlyAsked = onlyAsked;
  }

  async run(handler: ReplayHandler<R>, { modify, signal }: ReplayOptions): Promise<ReplayResult<R>> {
    signal?.throwIfAborted();
    const record = await this.#taken();
    const lease = new ReplayLease(this.#settings, this.#id, this.#claim);
    try {
      const letter = await this.#orGivenBack(() => letterOf(record));
      const payload = await this.#orGivenBack(() => payloadOf(record, modify));
      return await this.#handled(handler, letter, payload, lease, signal);
    } finally {
      lease.end();
    }
  }

  async #taken(): Promise<LetterRecord> {
    const { name, store, leaseMs, maxReplays } = this.#settings;
    const [id, claim, onlyAsked] = [this.#id, this.#claim, this.#onlyAsked];
    const request = { queue: name, id, claim, leaseMs, maxReplays, onlyAsked };
    const answer = await asked(this.#settings, "be asked for a dead letter", store.claim(request));
    switch (answer.kind) {
      case "claimed":
        return answer.letter;
      case "held":
        throw new DeadLetterHeldError(name, this.#id, answer.forMs);
      case "resolved":
        throw new DeadLetterResolvedError(name, this.#id, answer.letter.resolution ?? "");
      case "exhausted":
        throw new DeadLetterExhaustedError(name, this.#id, answer.letter.replays, maxReplays);
      case "unasked":
        throw new DeadLetterUnaskedError(name, this.#id);
      case "missing":
        throw new UnknownDeadLetterError(name, this.#id);
    }
  }

  async #handled(
    handler: ReplayHandler<R>,
    letter: DeadLetter,
    payload: unknown,
    lease: ReplayLease,
    signal: AbortSignal | undefined,
  ): Promise<ReplayResult<R>> {
    const attempt = letter.attempts + 1;
    const span = new ReplaySpan(letter, attempt);
    const own = {
      letter,
      idempotencyKey: `dead-letter:${letter.queue}:${letter.id}`,
      attempt,
      signal: eitherSignal(lease.signal, signal),
    };
    let result: ReplayResult<R>;
    try {
      result = { ok: true, result: await span.run(async () => handler(payload, own)) };
    } catch (error) {
      result = { ok: false, error };
    }
    const isCancelled = !result.ok && signal?.aborted === true;
    const outcome = await this.#settled(letter, result, isCancelled, span);
    span.end(outcome, result.ok ? undefined : result.error);
    this.#metrics.replayed(letter.queue, outcome);
    if (isCancelled) throw signal.reason;
    return result;
  }

  /** @throws StoreUnusableError, and the replay may be done once more with the same idempotency key. */
  async #settled(
    letter: DeadLetter,
    result: ReplayResult<R>,
    isCancelled: boolean,
    span: ReplaySpan,
  ): Promise<ReplayOutcome> {
    const { store, name } = this.#settings;
    const outcome = isCancelled ? ({ kind: "released" } as const) : this.#outcomeOf(letter, result);
    try {
      const settling = store.settle(name, this.#id, this.#claim, outcome);
      const isOurs = await asked(this.#settings, `keep what the replay of ${this.#id} came to`, settling);
      if (!isOurs) {
        warnOnce(
          `dead-letter-lost:${name}`,
          `a replay of "${name}" took longer than its claim could be renewed, and another one has taken the letter meanwhile`,
        );
        return "lost";
      }
    } catch (error) {
      // What it came to is known here alone: whoever asked is told that the store is to blame.
      span.end("lost");
      this.#metrics.replayed(name, "lost");
      throw error;
    }
    if (isCancelled) return "cancelled";
    return result.ok ? "succeeded" : "failed";
  }

  #outcomeOf(letter: DeadLetter, result: ReplayResult<R>): LetterOutcome {
    const now = new Date(this.#settings.clock.now());
    if (result.ok) return { kind: "resolved", resolution: `Replayed successfully at ${now.toISOString()}` };
    const { type, message } = failureOf(result.error, now);
    return {
      kind: "failed",
      errorType: type,
      errorMessage: message,
      history: withFailure(letter.history, letter.error),
      atMs: now.getTime(),
    };
  }

  /** What fails before the handler runs is no failure of the task. */
  async #orGivenBack<T>(work: () => T | PromiseLike<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { store, name } = this.#settings;
      await store
        .settle(name, this.#id, this.#claim, { kind: "released" })
        .catch((failure: unknown) => reportFailure("giving back a dead letter", failure));
      throw error;
    }
  }
}

/** A copy that nobody else has. @throws what `modify` throws; TypeError or RangeError where it returns no plain JSON. */
async function payloadOf(record: LetterRecord, modify: ReplayOptions["modify"]): Promise<unknown> {
  const payload: unknown = JSON.parse(record.payload);
  if (modify === undefined) return payload;
  const modified = await modify(payload, letterOf(record));
  return JSON.parse(jsonText("deadLetterQueue: modified payload", modified));
}
