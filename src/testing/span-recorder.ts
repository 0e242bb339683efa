import { isDeepStrictEqual } from "node:util";
import { type ContextManager, context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  type ReadableSpan,
  type Sampler,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { formatTrace } from "../telemetry/format-trace.ts";
import { fromSdkSpan, isFailed, type TraceSpan } from "../telemetry/trace-span.ts";

/** What a span must be like to be found. Everything that is left out may be anything. */
export interface SpanPattern {
  readonly name?: string | RegExp;
  /** Attributes that must be there with just these values; `undefined`: must not be there. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly failed?: boolean;
  /** The span right above; `null`: the first one of its trace. */
  readonly parent?: TraceSpan | null;
}

/** Options of {@link SpanRecorder}. */
export interface SpanRecorderOptions {
  /** @default every span is kept */
  readonly sampler?: Sampler;
  /** More span processors, asked before the recorder's own. */
  readonly spanProcessors?: readonly SpanProcessor[];
  /** `null`: none, as in a program whose SDK brings no context manager. @default AsyncLocalStorage */
  readonly contextManager?: ContextManager | null;
}

/**
 * Keeps the spans of this process in memory, for tests: a real SDK whose spans end in an array.
 *
 *     const recorder = new SpanRecorder();
 *     await research("otters");
 *     recorder.get("chat gpt-5", { attributes: { "gen_ai.agent.name": "researcher" } });
 *     recorder.stop();
 */
export class SpanRecorder {
  readonly #provider: TracerProvider;
  readonly #open = new Map<string, ReadableSpan>();
  #finished: TraceSpan[] = [];
  #stopped = false;

  /** Becomes the process's tracer provider. @throws Error when there is one already: its spans would not come here. */
  constructor(options: SpanRecorderOptions = {}) {
    const { spanProcessors = [], sampler, contextManager = new AsyncLocalStorageContextManager() } = options;
    this.#provider = new TracerProvider({
      spanProcessors: [...spanProcessors, this.#processor()],
      ...(sampler === undefined ? {} : { sampler }),
    });
    if (!trace.setGlobalTracerProvider(this.#provider)) {
      throw new Error(
        "SpanRecorder: a tracer provider is registered already; stop() the other recorder first",
      );
    }
    if (contextManager !== null) context.setGlobalContextManager(contextManager.enable());
  }

  /** Finished spans, in the order in which they ended. */
  get spans(): readonly TraceSpan[] {
    return this.#finished;
  }

  /** Names of the spans that were started and have not ended, oldest first. */
  get open(): readonly string[] {
    return [...this.#open.values()].map((span) => span.name);
  }

  /** The finished spans that fit, by name alone or by a pattern. */
  all(name: string | RegExp | SpanPattern, more: SpanPattern = {}): readonly TraceSpan[] {
    const pattern = typeof name === "string" || name instanceof RegExp ? { ...more, name } : name;
    return this.#finished.filter((span) => fits(span, pattern));
  }

  /** The one finished span that fits. @throws Error that shows all spans, when none or more than one does. */
  get(name: string | RegExp | SpanPattern, more: SpanPattern = {}): TraceSpan {
    const found = this.all(name, more);
    if (found.length === 1) return found[0]!;
    const open = this.open.length === 0 ? "" : `\nstill open: ${this.open.join(", ")}`;
    throw new Error(
      `SpanRecorder: ${found.length} finished spans fit ${show(name)} ${show(more)}, expected one, of:\n` +
        `${formatTrace(this.#finished, { attributes: true })}${open}`,
    );
  }

  parentOf(span: TraceSpan): TraceSpan | undefined {
    return this.#finished.find(({ spanId }) => spanId === span.parentSpanId);
  }

  childrenOf(span: TraceSpan): readonly TraceSpan[] {
    return this.#finished.filter(({ parentSpanId }) => parentSpanId === span.spanId);
  }

  /** Forgets all spans, those that are open included. */
  reset(): void {
    this.#finished = [];
    this.#open.clear();
  }

  /** Gives the process its place for an SDK back. Safe to call twice. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    trace.disable();
    context.disable();
  }

  #processor(): SpanProcessor {
    return {
      onStart: (span) => {
        this.#open.set(span.spanContext().spanId, span);
      },
      onEnd: (span) => {
        // A span that was open at a reset belongs to the test before.
        if (this.#open.delete(span.spanContext().spanId)) this.#finished.push(fromSdkSpan(span));
      },
      forceFlush: async () => {},
      shutdown: async () => {},
    };
  }
}

function fits(span: TraceSpan, { name, attributes = {}, failed, parent }: SpanPattern): boolean {
  if (name instanceof RegExp ? !name.test(span.name) : name !== undefined && name !== span.name) return false;
  if (failed !== undefined && failed !== isFailed(span)) return false;
  if (parent !== undefined && span.parentSpanId !== parent?.spanId) return false;
  return Object.entries(attributes).every(([key, value]) => isDeepStrictEqual(span.attributes[key], value));
}

function show(value: unknown): string {
  if (value instanceof RegExp) return String(value);
  return JSON.stringify(value, (key, inner: unknown) => {
    if (key === "parent" && inner !== null) return (inner as TraceSpan).name;
    if (typeof inner === "bigint" || inner instanceof RegExp) return String(inner);
    return inner === undefined ? "(absent)" : inner;
  });
}
