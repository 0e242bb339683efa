import type { SpanContext } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { operationOf } from "../../agent/foreign/operation.ts";
import { type Below, type CallClass, classOf, type Told } from "../../agent/foreign/told.ts";
import { OP_EXECUTE_TOOL } from "../../telemetry/semconv.ts";
import type { Neighbours } from "./neighbours.ts";

/**
 * A span in the nest of layers around one model call. Children end before their parents, so the innermost span that knows the
 * usage is the one that counts, and those around it find here that it is done. Where a parent ends first (a stream that goes
 * on), its child finds the same.
 */
export class Nest {
  readonly span: ReadableSpan;
  /** The span around, unless that had ended before this one began: then this cannot be part of it. */
  readonly outer: Nest | undefined;
  /** The span under which it was started, of whatever kind. */
  readonly parent: SpanContext | undefined;
  #ended = false;
  #counted: CallClass | undefined;
  #repeats: boolean | undefined;
  readonly #below: Record<CallClass, Below> = { inference: "nothing", embeddings: "nothing" };

  constructor(span: ReadableSpan, outer: Nest | undefined, parent: SpanContext | undefined) {
    this.span = span;
    this.outer = outer?.open;
    this.parent = parent;
  }

  /** This, or the nearest around it that has not ended. */
  get open(): Nest | undefined {
    return this.#ended ? this.outer?.open : this;
  }

  /** Whether another span has told of the same model call; `undefined` while the call lasts. */
  get repeats(): boolean | undefined {
    return this.#repeats;
  }

  end(): void {
    this.#ended = true;
  }

  /** Ends a model call. @returns whether it repeats one that is counted already: then it must not count. */
  settle(told: Told, neighbours: Neighbours): boolean {
    if (this.#repeats !== undefined) return this.#repeats;
    const kind = classOf(told.operation);
    const below = this.#below[kind];
    const done = told.tokens === undefined ? below !== "nothing" : below === "usage";
    this.#repeats = done || this.#countedAround(kind) || neighbours.take(this, told);
    if (!this.#repeats) this.#tell(kind, told, neighbours);
    return this.#repeats;
  }

  #countedAround(kind: CallClass): boolean {
    for (const nest of this.#around()) if (nest.#ended && nest.#counted === kind) return true;
    return false;
  }

  #tell(kind: CallClass, told: Told, neighbours: Neighbours): void {
    const said: Below = told.tokens === undefined ? "a call" : "usage";
    if (said === "usage") {
      this.#counted = kind;
      neighbours.tell(this, told);
    }
    for (const nest of this.#around()) {
      if (nest.#below[kind] !== "usage") nest.#below[kind] = said;
      if (said === "usage") neighbours.tell(nest, told);
    }
  }

  /** The spans around that may be layers of the same call. What a tool does is a matter of its own. */
  *#around(): Generator<Nest> {
    for (let nest = this.outer; nest !== undefined && !nest.#isTool; nest = nest.outer) yield nest;
  }

  get #isTool(): boolean {
    return operationOf(this.span) === OP_EXECUTE_TOOL;
  }
}
