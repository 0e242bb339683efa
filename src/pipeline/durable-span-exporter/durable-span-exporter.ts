import { gzipSync } from "node:zlib";
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { SpoolSnapshot } from "../../telemetry/spool/spool-snapshot.ts";
import { hideSecrets } from "../environment/otlp-endpoint.ts";
import { settledWithin } from "../sdk-bounded.ts";
import { type EncodedPart, encodeBatch } from "./encode-batch.ts";
import type { Frame, LanedQueue } from "./frame-queue.ts";
import { RoutedOutlet } from "./gateways/routed-outlet.ts";
import { Notices } from "./notices.ts";
import { openQueue } from "./open-queue.ts";
import { type CheckedOptions, checkedOptions, type DurableSpanExporterOptions } from "./options.ts";
import { type Outlet, singleOutlet } from "./outlet.ts";
import { SpanBatcher } from "./span-batcher.ts";
import { SpoolCounts } from "./spool-counts.ts";

const DEFAULT_BUDGET_MS = 5_000;

/** A third of the work of the default, for a tenth more bytes. */
const GZIP = { level: 1 };

const STOPPED: ExportResult = {
  code: ExportResultCode.FAILED,
  error: new Error("the exporter was shut down"),
};

/**
 * Sends spans to an OTLP/HTTP receiver, or each to that of its trace where there are several, and loses none on the way: each batch is encoded once, kept in a queue, and leaves it
 * only when the receiver has taken it, or has refused it for good. With a directory the queue is on disk, and what one process
 * cannot send the next one does. Without one it is the same in memory, with a bound.
 *
 * Nothing in here throws, rejects or keeps the process alive; what is lost is counted by reason.
 */
export class DurableSpanExporter implements SpanExporter {
  readonly #options: CheckedOptions;
  readonly #counts: SpoolCounts;
  readonly #queue: LanedQueue;
  readonly #outlet: Outlet;
  readonly #batcher: SpanBatcher;
  #stopped: Promise<void> | undefined;
  #closed = false;

  /** @throws TypeError or RangeError on a bad option, and Error on a directory that is a mistake. */
  constructor(options: DurableSpanExporterOptions) {
    const checked = checkedOptions(options);
    const { urls, directory, maxBytes } = checked;
    const notices = urls.map((url) => new Notices(hideSecrets(url), directory, maxBytes));
    const ofAll = new Notices(urls.map(hideSecrets).join(", "), directory, maxBytes);
    this.#options = checked;
    this.#counts = new SpoolCounts((reason, spans) => ofAll.dropped(reason, spans));
    this.#queue = openQueue(checked, this.#counts, ofAll);
    const parts = { options: checked, queue: this.#queue, counts: this.#counts, notices };
    this.#outlet = urls.length === 1 ? singleOutlet(parts) : new RoutedOutlet(parts);
    this.#batcher = new SpanBatcher(
      {
        ended: () => {
          this.#counts.created++;
        },
        take: (spans) => this.#take(spans),
        forceFlush: () => this.flush(),
        shutdown: () => this.stop(),
      },
      checked,
    );
    this.#counts.queue = this.#queue;
    this.#counts.inMemory = () => this.#batcher.waiting;
    // What an earlier process has left.
    this.#outlet.wake();
  }

  /** Where every span is, at this moment. */
  get counts(): SpoolSnapshot {
    return this.#counts.snapshot();
  }

  /**
   * This exporter with batches of its own, in place of a BatchSpanProcessor, whose queue drops what comes in bursts. The same
   * one each time.
   */
  get processor(): SpanProcessor {
    return this.#batcher;
  }

  /** Succeeds when the spans are in the queue, and as durable as was asked for. */
  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#counts.created += spans.length;
    this.#take(spans);
    const stopped = this.#closed;
    void this.#queue.synced().then(() => done(stopped ? STOPPED : { code: ExportResultCode.SUCCESS }));
  }

  /** As `flush`, within 5 s. */
  forceFlush(): Promise<void> {
    return this.flush();
  }

  /** As `stop`, within 5 s. */
  shutdown(): Promise<void> {
    return this.stop();
  }

  /**
   * Sends what waits. Ends as well after one attempt that failed: what is left is safe in its directory, or waits in memory. With
   * `urls` and no directory, what one of them does not take goes to the others at once: it may be the end of the process.
   *
   * @param timeoutMs Most time it takes. Never rejects. @default 5_000
   */
  async flush(timeoutMs: number = DEFAULT_BUDGET_MS): Promise<void> {
    if (this.#stopped !== undefined) return this.#stopped;
    await this.#flush(timeoutMs, this.#options.directory === undefined);
  }

  /**
   * Sends what can be sent in time, keeps the rest in the directory, and lets go of it. Safe to call twice: later calls wait
   * for the first. Spans that end later are dropped, and counted.
   *
   * @param timeoutMs Most time it takes. Never rejects. @default 5_000
   */
  stop(timeoutMs: number = DEFAULT_BUDGET_MS): Promise<void> {
    this.#stopped ??= this.#stop(timeoutMs);
    return this.#stopped;
  }

  /** For the `exit` event, which waits for nothing: what is in memory goes to the directory. */
  keepNow(): void {
    this.#batcher.handAll();
    this.#queue.closeSync();
  }

  async #flush(timeoutMs: number, isLast: boolean): Promise<void> {
    const startMs = performance.now();
    // Half of it: an attribute of the resource that never comes must not cost the spans.
    await settledWithin(() => this.#batcher.ready(), timeoutMs / 2);
    this.#batcher.handAll();
    const leftMs = Math.max(0, timeoutMs - (performance.now() - startMs));
    await Promise.all([this.#queue.synced(), this.#outlet.drain(leftMs, isLast)]);
  }

  async #stop(timeoutMs: number): Promise<void> {
    await this.#flush(timeoutMs, true);
    this.#closed = true;
    await this.#outlet.stop();
    await this.#queue.close();
  }

  #take(spans: readonly ReadableSpan[]): void {
    if (this.#closed) {
      this.#counts.dropped("shutdown", spans.length);
      return;
    }
    for (const [lane, ofLane] of this.#outlet.lanesOf(spans)) this.#keep(ofLane, lane);
    if (this.#options.durability === "fsync") void this.#queue.synced();
    this.#outlet.wake();
  }

  #keep(spans: readonly ReadableSpan[], lane: number): void {
    const { parts, failed } = encodeBatch(spans);
    if (failed > 0) this.#counts.dropped("encode_failed", failed);
    const queue = this.#queue.lane(lane);
    for (const part of parts) queue.append(this.#frame(part));
  }

  #frame({ body, spans }: EncodedPart): Frame {
    const gzip = this.#options.compression === "gzip";
    return { body: gzip ? gzipSync(body, GZIP) : body, gzip, spans, createdMs: Date.now() };
  }
}

/** @see DurableSpanExporter */
export function durableSpanExporter(options: DurableSpanExporterOptions): DurableSpanExporter {
  return new DurableSpanExporter(options);
}
