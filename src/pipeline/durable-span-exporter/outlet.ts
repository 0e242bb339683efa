import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { DeliveryLoop } from "./delivery-loop.ts";
import type { LanedQueue } from "./frame-queue.ts";
import type { Notices } from "./notices.ts";
import type { CheckedOptions } from "./options.ts";
import { httpSender } from "./send/http-sender.ts";
import type { SpoolCounts } from "./spool-counts.ts";

/** Takes what is in the queue to its receiver, or to several. None of it throws or rejects. */
export interface Outlet {
  /** Which spans of a batch go into which lane of the queue. */
  lanesOf(spans: readonly ReadableSpan[]): Iterable<readonly [lane: number, spans: readonly ReadableSpan[]]>;
  /** There may be something to send. */
  wake(): void;
  /**
   * Sends all there is, or ends after attempts that failed.
   *
   * @param timeoutMs Most time it takes.
   * @param isLast What is left may never be sent: who fails is not waited for where others are there.
   */
  drain(timeoutMs: number, isLast: boolean): Promise<void>;
  /** Gives up what is on its way, which stays in the queue. */
  stop(): Promise<void>;
}

export interface OutletParts {
  readonly options: CheckedOptions;
  readonly queue: LanedQueue;
  readonly counts: SpoolCounts;
  /** One for each URL. */
  readonly notices: readonly Notices[];
}

/** All to one receiver. */
export function singleOutlet({ options, queue, counts, notices }: OutletParts): Outlet {
  const { maxInFlight, onUndeliverable } = options;
  const loop = new DeliveryLoop({
    queue,
    sender: httpSender({ ...options, url: String(options.urls[0]) }),
    counts,
    maxInFlight,
    report: (news) => notices[0]?.delivery(news),
    onUndeliverable,
  });
  return {
    lanesOf: (spans) => [[0, spans]],
    wake: () => loop.wake(),
    drain: async (timeoutMs) => void (await loop.drain(timeoutMs)),
    stop: () => loop.stop(),
  };
}
