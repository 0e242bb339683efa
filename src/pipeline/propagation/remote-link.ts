import { type Context, createContextKey, type SpanContext, TraceFlags } from "@opentelemetry/api";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { safely } from "../../internal/warn-once.ts";

/** A caller's span that we know of and do not follow, until a span has taken it. */
interface RemoteCaller {
  link: SpanContext | undefined;
}

const KEY = createContextKey("agent-otel: caller that is not trusted");

/**
 * Only the two ids are kept. The sampled flag and the trace state are the sender's wishes for what happens further down, and nobody
 * there should follow them.
 */
export function withRemoteCaller(context: Context, { traceId, spanId }: SpanContext): Context {
  const caller: RemoteCaller = { link: { traceId, spanId, traceFlags: TraceFlags.NONE, isRemote: true } };
  return context.setValue(KEY, caller);
}

/**
 * Gives the first span that starts in a context with a remote caller a link to it. A processor, not a sampler: a sampler can add
 * no links.
 */
export function remoteLinkProcessor(): SpanProcessor {
  return {
    onStart(span, parentContext) {
      const caller = parentContext.getValue(KEY) as RemoteCaller | undefined;
      if (caller?.link === undefined) return;
      const context = caller.link;
      caller.link = undefined;
      safely("the link to a remote caller", () => void span.addLink({ context }));
    },
    onEnd() {},
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}
