import type { Attributes } from "@opentelemetry/api";
import * as names from "../../telemetry/semconv.ts";
import type { TraceSpan } from "../../telemetry/trace-span.ts";
import type { Around } from "./add-place.ts";
import { calledAgentOf, calledWorkflowOf, type NamedSpan, operationOf } from "./operation.ts";
import { text } from "./text.ts";
import { type Below, type CallClass, classOf, madeByCallback, type Told } from "./told.ts";

/** Real traces are a few dozen levels deep. Made-up ones may be a ring. */
const MAX_DEPTH = 200;
/** The SDK for JavaScript begins spans at whole milliseconds and adds what they take: ends are so much too early. */
export const CLOCK_NS = 1_000_000n;

interface Called {
  readonly kind: "agent" | "workflow";
  readonly name: string;
  readonly conversation: string | undefined;
}

/** A span in the tree of its trace; an empty place where only children have arrived so far. */
export class SpanNode {
  #parent: SpanNode | undefined;
  #arrived = false;
  #isTool = false;
  #byCallback = false;
  #hasCallbacks = false;
  #startNs = 0n;
  #endNs: bigint | undefined;
  #called: Called | undefined;
  #counted: CallClass | undefined;
  #repeats: boolean | undefined;
  readonly #below: Record<CallClass, Below> = { inference: "nothing", embeddings: "nothing" };

  get arrived(): boolean {
    return this.#arrived;
  }

  /** Whether another span has told of the same model call; `undefined` while nobody has asked. */
  get repeats(): boolean | undefined {
    return this.#repeats;
  }

  /** Whether spans made from callbacks are known to be below it. */
  get hasCallbacks(): boolean {
    return this.#hasCallbacks;
  }

  /** How many spans are known to be around it. */
  get depth(): number {
    let depth = 0;
    for (let node = this.#parent; node !== undefined && depth < MAX_DEPTH; node = node.#parent) depth += 1;
    return depth;
  }

  /** @param parent `undefined` for the first span of a trace. */
  arrive(span: TraceSpan, parent: SpanNode | undefined): void {
    const named = span as NamedSpan;
    const operation = operationOf(named);
    this.#arrived = true;
    this.#parent = parent;
    this.#isTool = operation === names.OP_EXECUTE_TOOL;
    this.#byCallback = madeByCallback(span.scope);
    this.#startNs = span.startNs;
    this.#endNs = span.endNs;
    this.#called = calledBy(named, operation);
    if (!this.#isTool)
      for (const kind of ["inference", "embeddings"] as const)
        if (this.#below[kind] !== "nothing") this.#tellAround(kind, this.#below[kind]);
    if (this.#byCallback || this.#hasCallbacks)
      for (let node = parent; node !== undefined && !node.#hasCallbacks; node = node.#parent)
        node.#hasCallbacks = true;
  }

  /** Settles a model call. @param beside Whether one that stands beside it has told of it. @returns whether it repeats one that is counted. */
  settle(told: Told, beside: () => boolean): boolean {
    if (this.#repeats !== undefined) return this.#repeats;
    const kind = classOf(told.operation);
    const below = this.#below[kind];
    const done = told.tokens === undefined ? below !== "nothing" : below === "usage";
    if (done || this.#countedAround(kind) || beside()) this.#repeats = true;
    else this.count(told);
    return this.#repeats ?? false;
  }

  /** Notes a model call that counts, whatever is around it. */
  count({ operation, tokens }: Told): void {
    const kind = classOf(operation);
    this.#repeats = false;
    if (tokens !== undefined) this.#counted = kind;
    this.#tellAround(kind, tokens === undefined ? "a call" : "usage");
  }

  /** Whether nothing but spans made from callbacks is known to be around it. */
  get besideOthersAtTheTop(): boolean {
    let depth = 0;
    for (let node: SpanNode | undefined = this; node?.arrived && depth < MAX_DEPTH; node = node.#parent) {
      if (!node.#byCallback) return false;
      depth += 1;
    }
    return true;
  }

  /** Whose work it is, as far as the spans around it have arrived. */
  around(): Around | undefined {
    let nearest: Called | undefined;
    let agent: string | undefined;
    let conversation: string | undefined;
    let depth = 0;
    for (let node = this.#parent; node !== undefined && depth < MAX_DEPTH; node = node.#parent) {
      const called = node.#called;
      depth += 1;
      if (called === undefined) continue;
      nearest ??= called;
      conversation ??= called.conversation;
      if (called.kind === "agent") agent ??= called.name;
    }
    return nearest && { kind: nearest.kind, name: nearest.name, agent, conversation };
  }

  #countedAround(kind: CallClass): boolean {
    for (const node of this.#layersAround()) if (node.#counted === kind) return true;
    return false;
  }

  #tellAround(kind: CallClass, said: Below): void {
    for (const node of this.#layersAround()) if (node.#below[kind] !== "usage") node.#below[kind] = said;
  }

  /** The spans around that may be layers of the same call: not those that were over, and nothing beyond a tool. */
  *#layersAround(): Generator<SpanNode> {
    let depth = 0;
    for (let node = this.#parent; node !== undefined && !node.#isTool && depth < MAX_DEPTH; ) {
      const over = node.#endNs !== undefined && node.#endNs + CLOCK_NS < this.#startNs;
      if (!over) yield node;
      node = node.#parent;
      depth += 1;
    }
  }
}

function calledBy(span: NamedSpan, operation: string | undefined): Called | undefined {
  const kind =
    operation === names.OP_INVOKE_AGENT
      ? "agent"
      : operation === names.OP_INVOKE_WORKFLOW
        ? "workflow"
        : undefined;
  if (kind === undefined) return undefined;
  const name = kind === "agent" ? calledAgentOf(span) : calledWorkflowOf(span);
  const attributes: Attributes = span.attributes;
  return name === undefined
    ? undefined
    : { kind, name, conversation: text(attributes[names.ATTR_CONVERSATION_ID]) };
}
