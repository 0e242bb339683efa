import { type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import { encodeSpans } from "../../../../src/pipeline/durable-span-exporter/encode/encode-spans.ts";
import { requestTree } from "../../../../src/pipeline/durable-span-exporter/encode/request-tree.ts";
import { traceIds } from "../../../../src/pipeline/durable-span-exporter/encode/trace-ids.ts";
import type { Frame, LanedQueue } from "../../../../src/pipeline/durable-span-exporter/frame-queue.ts";
import { RoutedOutlet } from "../../../../src/pipeline/durable-span-exporter/gateways/routed-outlet.ts";
import { MemoryQueue } from "../../../../src/pipeline/durable-span-exporter/memory-queue.ts";
import { Notices } from "../../../../src/pipeline/durable-span-exporter/notices.ts";
import { checkedOptions } from "../../../../src/pipeline/durable-span-exporter/options.ts";
import { SpoolCounts } from "../../../../src/pipeline/durable-span-exporter/spool-counts.ts";
import { ManualTimers, ScriptedSender, settled } from "../support.ts";

export const BOUND_MS = 15_000;

/** Spans that have ended, of as many traces. */
export function endedSpans(count: number): ReadableSpan[] {
  const ended: ReadableSpan[] = [];
  const keeper = {
    onStart: () => {},
    onEnd: (span: ReadableSpan) => void ended.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracer = new TracerProvider({ spanProcessors: [keeper] }).getTracer("test");
  for (let i = 0; i < count; i++) tracer.startSpan("work").end();
  return ended;
}

export function frameOf(spans: readonly ReadableSpan[]): Frame {
  return { body: encodeSpans(spans), gzip: false, spans: spans.length, createdMs: 0 };
}

/** Of all spans of a request. */
export function tracesIn({ body }: Frame): readonly string[] {
  const tree = requestTree(body);
  return tree === undefined ? [] : traceIds(body, tree);
}

export interface Told {
  readonly url: string;
  readonly what: "given up" | "back" | "failing" | "refused" | "partial";
}

/** Endpoints that answer as the test says, and time that it moves. */
export function routed(
  count: number,
  { queue: given }: { queue?: (counts: SpoolCounts) => LanedQueue } = {},
) {
  const urls = Array.from({ length: count }, (_, i) => `http://gateway-${i}:4318/v1/traces`);
  const senders = urls.map(() => new ScriptedSender());
  const timers = new ManualTimers();
  const told: Told[] = [];
  const counts = new SpoolCounts(() => {});
  const queue = given?.(counts) ?? new MemoryQueue(1e9, counts);
  counts.queue = queue;
  const outlet = new RoutedOutlet({
    options: checkedOptions({ urls, failoverAfterMs: BOUND_MS }),
    queue,
    counts,
    notices: urls.map((url) => telling(url, told)),
    senderFor: (url) => senders[urls.indexOf(url)]!,
    random: () => 1,
    after: timers.after,
  });
  return {
    ...{ urls, senders, timers, told, counts, queue, outlet },
    /** As the exporter does. */
    async add(spans: readonly ReadableSpan[]): Promise<void> {
      counts.created += spans.length;
      for (const [lane, ofLane] of outlet.lanesOf(spans)) queue.lane(lane).append(frameOf(ofLane));
      outlet.wake();
      await settled();
    },
    /** Traces of the requests that an endpoint was sent. */
    sentTo: (index: number): readonly string[] => senders[index]!.sent.flatMap(tracesIn),
  };
}

function telling(url: string, told: Told[]): Notices {
  const notices = new Notices(url, undefined, 2 ** 20);
  notices.givenUp = () => void told.push({ url, what: "given up" });
  notices.back = () => void told.push({ url, what: "back" });
  notices.delivery = ({ kind }) => void told.push({ url, what: kind });
  return notices;
}
