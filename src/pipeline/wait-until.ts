import type { ReadableSpan, SpanProcessor } from "@opentelemetry/sdk-trace";
import { safely } from "../internal/warn-once.ts";

/** What serverless platforms give a request to say what it still does after its answer, as Vercel's and Cloudflare's `waitUntil`. */
export type WaitUntil = (work: Promise<void>) => void;

/**
 * Flushes when a request is over, and has the platform wait for it: else it freezes the process with spans in memory. A request
 * is over when a span ends whose parent is not in this process.
 *
 * @param flush Never rejects.
 */
export function waitUntilProcessor(waitUntil: WaitUntil, flush: () => Promise<void>): SpanProcessor {
  return {
    onStart: () => {},
    onEnd(span) {
      if (isLocalRoot(span)) safely("waitUntil", () => waitUntil(flush()));
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

function isLocalRoot({ parentSpanContext }: ReadableSpan): boolean {
  return parentSpanContext === undefined || parentSpanContext.isRemote === true;
}
