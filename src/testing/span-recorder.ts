import { isDeepStrictEqual } from "node:util";
import { type ContextManager, context, trace } from "@opentelemetry/api";
import { type Sampler, type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { checkWhole } from "../internal/check-number.ts";
import { agentContextManager } from "../pipeline/agent-context-manager.ts";
import { agentSpanProcessor } from "../pipeline/agent-span-processor.ts";
import { formatTrace } from "../telemetry/format-trace.ts";
import { isFailed, type TraceSpan } from "../telemetry/trace-span.ts";
import { OpenSpans } from "./open-spans.ts";

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
  /** Brings spans of frameworks and of other instrumentations into the picture, see {@link agentSpanProcessor}. @default false */
  readonly agentSpanProcessor?: boolean;
  /** `null`: none, as in a program whose SDK brings no context manager. @default AsyncLocalStorage */
  readonly contextManager?: ContextManager | null;
}

const DEFAULT_LIMIT_MS = 2_000;
const MAX_LIMIT_MS = 600_000;

/**
 * Keeps the spans of this process in memory, for tests: a real SDK whose spans end in an array. One at a time; `using` stops it when the
 * test ends.
 *
 *     using recorder = new SpanRecorder();
 *     await research("otters");
 *     recorder.get("chat gpt-5", { attributes: { "gen_ai.agent.name": "researcher" } });
 */
export class SpanRecorder implements Disposable {
  readonly #provider: TracerProvider;
  readonly #open = new OpenSpans();
  #finished: TraceSpan[] = [];
  #stopped = false;

  /** Becomes the process's tracer provider. @throws Error when there is one already: its spans would not come here. */
  constructor(options: SpanRecorderOptions = {}) {
    const { spanProcessors = [], sampler, contextManager = agentContextManager() } = options;
    const enriching = options.agentSpanProcessor ? [agentSpanProcessor()] : [];
    this.#provider = new TracerProvider({
      spanProcessors: [...enriching, ...spanProcessors, this.#processor()],
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
    return this.#open.all().map((span) => span.name);
  }

  /** Those spans as they are now. */
  get openSpans(): readonly TraceSpan[] {
    return this.#open.all();
  }

  /**
   * Waits until no span is open, and none is started in the turn of the event loop that follows: for what a program does without being
   * awaited, and for streams that end after they were read. In real time, also where a test has fake timers.
   *
   * @throws Error that shows the spans still open after `limitMs`. @throws RangeError for a limit that is no whole number from 1 to 600_000.
   */
  async settled({ limitMs = DEFAULT_LIMIT_MS }: { readonly limitMs?: number } = {}): Promise<void> {
    checkWhole("SpanRecorder: limitMs", limitMs, 1, MAX_LIMIT_MS);
    if (await this.#open.settle(limitMs)) return;
    const open = this.openSpans;
    throw new Error(
      `SpanRecorder: after ${limitMs} ms ${open.length === 1 ? "1 span is" : `${open.length} spans are`} still open: ` +
        `${this.open.join(", ")}\n${formatTrace([...this.#finished, ...open])}`,
    );
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

  [Symbol.dispose](): void {
    this.stop();
  }

  #processor(): SpanProcessor {
    return {
      onStart: (span) => {
        this.#open.started(span);
      },
      onEnd: (span) => {
        // A span that was open at a reset belongs to the test before.
        const finished = this.#open.ended(span);
        if (finished !== undefined) this.#finished.push(finished);
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
