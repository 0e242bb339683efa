import { SCOPE_NAME } from "../../telemetry/semconv.ts";
import type { TraceSpan } from "../../telemetry/trace-span.ts";
import type { Around } from "./add-place.ts";
import { type ArrivedCall, readArrived } from "./arrived-call.ts";
import { SpanNode } from "./span-node.ts";
import { madeByCallback, type Told, toldOf } from "./told.ts";
import { ToldCalls } from "./told-calls.ts";

/** Places in trees that are remembered; the trace that was heard of longest ago goes first. */
const MAX_PLACES = 10_000;
const MAX_PROCESSES = 100;

/** A call of another instrumentation, and where its span stands. */
export interface PlacedCall extends ArrivedCall {
  /** Whether another span has told of the same model call: then this one is none. */
  readonly repeats: boolean;
  readonly around: Around | undefined;
}

interface Trace {
  readonly nodes: Map<string, SpanNode>;
  readonly calls: ToldCalls;
}

interface Candidate {
  readonly span: TraceSpan;
  readonly read: ArrivedCall;
  readonly trace: Trace;
  readonly node: SpanNode;
  readonly turn: number;
  readonly depth: number;
}

/**
 * Knows which layers are around calls whose spans arrive when they are over, in whatever order within a request: each model call
 * counts once, by the rules of the span processor. What was counted stays counted: of two layers that come in different
 * requests, where a span between them comes later still, both count. A span that is sent again is what it was.
 *
 * Costs next to nothing where all spans are ours: those are looked at only in traces that others have a part in.
 */
export class ArrivedSpans {
  readonly #traces = new Map<string, Trace>();
  #places = 0;
  /** Calls without a parent, which have traces of their own, by the process that made them. */
  readonly #atTheTop = new Map<string, ToldCalls>();
  readonly #processes = new WeakMap<object, string>();
  readonly #placed = new WeakMap<TraceSpan, PlacedCall>();

  /** Reads the spans of one request, before any of them is asked for. */
  read(spans: readonly TraceSpan[]): void {
    const told = this.#partsOfOthers(spans);
    for (const span of told) this.#plant(span);
    for (const placed of this.#inOrder(told)) this.#settle(placed);
    this.#makeRoom();
  }

  /** @returns `undefined` where the span is no call, or was not read. */
  callOf(span: TraceSpan): PlacedCall | undefined {
    return this.#placed.get(span);
  }

  /** Spans of others, and ours that are in traces with them. */
  #partsOfOthers(spans: readonly TraceSpan[]): readonly TraceSpan[] {
    const traces = new Set<string>();
    for (const { scope, traceId } of spans) if (scope !== SCOPE_NAME) traces.add(traceId);
    if (traces.size === 0 && this.#traces.size === 0) return [];
    let last: string | undefined;
    let has = false;
    return spans.filter(({ traceId }) => {
      // Spans of one trace stand together mostly.
      if (traceId !== last) has = traces.has(traceId) || this.#traces.has(traceId);
      last = traceId;
      return has;
    });
  }

  #plant(span: TraceSpan): void {
    const trace = this.#trace(span.traceId);
    const node = this.#node(trace, span.spanId);
    if (node.arrived) return;
    node.arrive(span, span.parentSpanId === undefined ? undefined : this.#node(trace, span.parentSpanId));
  }

  /** Calls, what is inside first. Times do not tell: an SDK may end a span before the one inside of it. */
  #inOrder(spans: readonly TraceSpan[]): readonly Candidate[] {
    const candidates: Candidate[] = [];
    for (const span of spans) {
      const read = readArrived(span);
      if (read === undefined) continue;
      const trace = this.#trace(span.traceId);
      const node = this.#node(trace, span.spanId);
      candidates.push({ span, read, trace, node, turn: turnOf(span, node), depth: node.depth });
    }
    return candidates.sort((a, b) => a.turn - b.turn || b.depth - a.depth);
  }

  #settle(candidate: Candidate): void {
    const { span, read, node } = candidate;
    const repeats = this.#repeats(candidate);
    if (span.scope !== SCOPE_NAME) this.#placed.set(span, { ...read, repeats, around: node.around() });
  }

  #repeats({ span, read: { operation, call, counted, withdrawn }, trace, node }: Candidate): boolean {
    if (call === undefined || withdrawn) return false;
    if (node.repeats !== undefined) return node.repeats;
    const told = toldOf(operation, call);
    if (counted) node.count(told);
    else if (node.settle(told, () => this.#toldBeside(span, told, trace, node))) return true;
    if (!madeByCallback(span.scope))
      (span.parentSpanId === undefined ? this.#topOf(span) : trace.calls).add(span, told);
    return false;
  }

  #toldBeside(span: TraceSpan, told: Told, trace: Trace, node: SpanNode): boolean {
    if (!madeByCallback(span.scope)) return false;
    return trace.calls.take(span, told) || (node.besideOthersAtTheTop && this.#topOf(span).take(span, told));
  }

  #topOf({ resource }: TraceSpan): ToldCalls {
    let key = this.#processes.get(resource);
    if (key === undefined) {
      key = JSON.stringify(resource);
      this.#processes.set(resource, key);
    }
    return latest(this.#atTheTop, key, () => new ToldCalls(), MAX_PROCESSES);
  }

  #trace(traceId: string): Trace {
    return latest(this.#traces, traceId, () => ({ nodes: new Map(), calls: new ToldCalls() }));
  }

  #node({ nodes }: Trace, spanId: string): SpanNode {
    let node = nodes.get(spanId);
    if (node === undefined) {
      node = new SpanNode();
      nodes.set(spanId, node);
      this.#places += 1;
    }
    return node;
  }

  #makeRoom(): void {
    for (const [traceId, { nodes }] of this.#traces) {
      if (this.#places <= MAX_PLACES) return;
      this.#traces.delete(traceId);
      this.#places -= nodes.size;
    }
  }
}

/** Spans made from callbacks come after the clients' that they may repeat, and before those around them. */
function turnOf({ scope }: TraceSpan, node: SpanNode): number {
  if (madeByCallback(scope)) return 2;
  return node.hasCallbacks ? 3 : 1;
}

/** What is there under the key, or is made; it becomes the last to go. */
function latest<V>(map: Map<string, V>, key: string, make: () => V, most = Number.POSITIVE_INFINITY): V {
  const value = map.get(key) ?? make();
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value!);
  return value;
}
