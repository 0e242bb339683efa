import { randomBytes } from "node:crypto";
import { type Context, trace } from "@opentelemetry/api";
import { activeContext, activeScope, addContextSource, applyInScope } from "../../agent/active-scope.ts";
import { field, text } from "../../instrumentation/fields.ts";
import type { MastraExportedSpan, MastraSpanIds, MastraSpanOptions } from "./mastra-span.ts";
import { type OpenSpan, openSpan } from "./open-span.ts";

/** Spans that never end keep their place; more than this are left, oldest first. */
const MOST_SPANS = 10_000;
/** Spans of Mastra's own between two of ours. */
const MOST_DEPTH = 100;

/** What Mastra has begun and not ended, by its span ids. */
export class OpenSpans {
  readonly #spans = new Map<string, OpenSpan>();
  readonly #capture: boolean;

  constructor(capture: boolean) {
    this.#capture = capture;
  }

  /** @returns `undefined` where it is none of ours: Mastra then numbers it by itself. @throws the refusal of a limit. */
  begin(options: MastraSpanOptions): MastraSpanIds | undefined {
    const around = this.#around(options.parent);
    if (options.type === "model_chunk") around?.chunk?.();
    if (options.isEvent === true) return undefined;
    const span = innermostOf(around?.context, (parent) => openSpan(options, parent, around, this.#capture));
    if (span === undefined) return undefined;
    const ids = idsOf(span.context, span.spanId, text(options.parent, "traceId"));
    this.#spans.set(ids.spanId, span);
    const [oldest] = this.#spans.size > MOST_SPANS ? this.#spans : [];
    if (oldest !== undefined) this.#close(oldest[0])?.leave();
    return ids;
  }

  /** Runs a piece of the program inside of a span. */
  run<T>(spanId: string, fn: () => T): T {
    const span = this.#spans.get(spanId);
    if (span === undefined) return fn();
    const within = span.inner?.context ?? span.context;
    return applyInScope(within, activeScope(within), fn, undefined, []);
  }

  updated(exported: MastraExportedSpan): void {
    this.#spans.get(exported.id)?.updated?.(exported);
  }

  end(exported: MastraExportedSpan): void {
    this.#close(exported.id)?.end(exported);
  }

  /** Its end will not be told. What is filtered out must not be exported, but what it cost counts. */
  release(spanId: string): void {
    const span = this.#close(spanId);
    if (span?.isModelCall) span.leave();
  }

  leaveAll(): void {
    for (const id of [...this.#spans.keys()].reverse()) this.#close(id)?.leave();
  }

  #close(spanId: string): OpenSpan | undefined {
    const span = this.#spans.get(spanId);
    this.#spans.delete(spanId);
    if (span?.around?.inner === span && span?.around !== undefined) span.around.inner = undefined;
    return span;
  }

  /** Between two spans there may be some that Mastra keeps to itself. */
  #around(parent: unknown): OpenSpan | undefined {
    let each = parent;
    for (let depth = 0; depth < MOST_DEPTH; depth += 1) {
      const open = this.#spans.get(text(each, "id") ?? "");
      if (open !== undefined) return open;
      each = field(each, "parent");
      if (each === undefined || each === null) return undefined;
    }
    return undefined;
  }
}

/** Calls `fn` with the innermost of `told` and of what is active: the program may have called something of its own in between. */
function innermostOf<T>(told: Context | undefined, fn: (parent: Context) => T): T {
  if (told === undefined) return fn(activeContext());
  const remove = addContextSource(() => told);
  try {
    return fn(activeContext());
  } finally {
    remove();
  }
}

/** Mastra's span has the ids of ours; a model call has its span only later. */
function idsOf(within: Context, spanId: string | undefined, traceId: string | undefined): MastraSpanIds {
  const active = trace.getSpanContext(within);
  return {
    traceId: active?.traceId ?? traceId ?? randomBytes(16).toString("hex"),
    spanId: spanId ?? randomBytes(8).toString("hex"),
  };
}
