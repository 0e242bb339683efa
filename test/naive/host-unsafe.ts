import { trace } from "@opentelemetry/api";
import {
  AlwaysOnSampler,
  type ReadableSpan,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { type Ask, failsByItself, MINE } from "../faults/programs/host-work.ts";

const BLOCK_MS = 60;
const BATCH = 100;

/** What a first version does to its host, one thing each. */
const ON_END = {
  /** Sends in the call that ends a span, and lets an error through. */
  throws: () => {
    throw new Error("the collector refuses");
  },
  /** Sends, and forgets the promise. */
  rejects: () => void Promise.reject(new Error("the collector refuses")),
  /** Encodes and writes a large batch in one go. */
  blocks: () => {
    const endMs = performance.now() + BLOCK_MS;
    while (performance.now() < endMs);
  },
  /** Sends at intervals. */
  "keeps alive": () => {},
  /** Says each time that it failed. */
  chatters: () => console.error("agent-otel: spans do not reach the collector"),
  /** Puts its own value in the place of the result. */
  "changes results": () => {},
} as const;

export type HostUnsafe = keyof typeof ON_END;

/** How one traces calls at first: the span is ended between the result and the program. */
export function hostUnsafe(fault: HostUnsafe): Ask {
  if (fault === "keeps alive") setInterval(() => {}, 1_000);
  const provider = new TracerProvider({
    sampler: new AlwaysOnSampler(),
    spanProcessors: [everyBatch(fault)],
  });
  trace.setGlobalTracerProvider(provider);
  return async (number) => {
    const span = trace.getTracer("naive").startSpan("invoke_agent writer");
    span.end();
    if (failsByItself(number)) throw MINE;
    return fault === "changes results" && number % 10 === 0 ? "" : `answer ${number}`;
  };
}

function everyBatch(fault: HostUnsafe): SpanProcessor {
  let ended = 0;
  const onEnd = (_span: ReadableSpan): void => {
    ended++;
    if (ended % BATCH === 0) ON_END[fault]();
  };
  return { onStart: () => {}, onEnd, forceFlush: async () => {}, shutdown: async () => {} };
}
