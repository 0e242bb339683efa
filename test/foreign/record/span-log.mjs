// Notes every span of a process as a fixture has it: what stood on it from the start, what was set before its first child began, and
// what stood on it at the end, with the order of all starts and ends.
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { TracerProvider } from "@opentelemetry/sdk-trace";

export class SpanLog {
  #clock = 0;
  #entries = new Map();

  onStart(span) {
    const parent = this.#entries.get(span.parentSpanContext?.spanId);
    if (parent !== undefined) parent.beforeChildren ??= { ...parent.span.attributes };
    this.#entries.set(span.spanContext().spanId, {
      span,
      id: this.#entries.size,
      parent: parent?.id ?? null,
      start: this.#clock++,
      atStart: { ...span.attributes },
    });
  }

  onEnd(span) {
    this.#entries.get(span.spanContext().spanId).end = this.#clock++;
  }

  async forceFlush() {}

  async shutdown() {}

  spans() {
    return [...this.#entries.values()]
      .filter(({ end }) => end !== undefined)
      .map(({ span, id, parent, start, end, atStart, beforeChildren = {} }) => ({
        id,
        parent,
        scope: span.instrumentationScope.name,
        name: span.name,
        kind: span.kind,
        start,
        end,
        status: span.status.code,
        atStart: tidy(atStart),
        beforeChildren: tidy(added(beforeChildren, atStart)),
        atEnd: tidy(added(span.attributes, { ...atStart, ...beforeChildren })),
      }));
  }
}

/** The log of a provider that is made the process's own, for libraries that make spans through the API. */
export function startLog() {
  const log = new SpanLog();
  const provider = new TracerProvider({ spanProcessors: [log] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return { log, provider };
}

function added(later, earlier) {
  return Object.fromEntries(Object.entries(later).filter(([key, value]) => earlier[key] !== value));
}

/** The port is another one each time. Texts are short here, but some libraries write schemas and stack traces. */
function tidy(attributes) {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => {
      if (key === "server.port" || key === "net.peer.port") return [key, 4010];
      if (typeof value !== "string") return [key, value];
      return [key, value.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:4010").slice(0, 300)];
    }),
  );
}
