import { OP_EMBEDDINGS } from "../../telemetry/semconv.ts";
import type { ForeignModelCall } from "./usage.ts";

/** Usage of one kind never repeats usage of the other: a chain that embeds a question and then asks has two calls. */
export type CallClass = "inference" | "embeddings";

export function classOf(operation: string): CallClass {
  return operation === OP_EMBEDDINGS ? "embeddings" : "inference";
}

/** What is known of the model calls below a span. */
export type Below = "nothing" | "a call" | "usage";

/** One finished model call, as far as others may repeat it. */
export interface Told {
  readonly operation: string;
  readonly model: string | undefined;
  /** `undefined`: not said. Tokens in and out. */
  readonly tokens: readonly [input: number, output: number] | undefined;
}

export function toldOf(operation: string, { usage, responseModel, requestModel }: ForeignModelCall): Told {
  const tokens = usage === undefined ? undefined : ([usage.input, usage.output] as const);
  return { operation, model: responseModel ?? requestModel, tokens };
}

/** Whether two spans that stand side by side may tell of one call. */
export function sameCall(one: Told, other: Told): boolean {
  return (
    classOf(one.operation) === classOf(other.operation) &&
    one.tokens?.[0] === other.tokens?.[0] &&
    one.tokens?.[1] === other.tokens?.[1] &&
    (one.model === undefined || other.model === undefined || one.model === other.model)
  );
}

/**
 * Scopes whose model spans are not active while the call is made, since they are made from callbacks, or so wanted by a wrapper of
 * Langfuse: the client's span is their neighbour and not their child.
 */
const BY_CALLBACK = /langchain|langgraph|llama[._-]?index|langfuse/i;
/** Of these, those whose other spans are active: what is below one of them is below, and not beside it. */
const OTHERS_ACTIVE = /langfuse/i;

export function madeByCallback(scope: string | undefined): boolean {
  return scope !== undefined && BY_CALLBACK.test(scope);
}

export function othersAreActive(scope: string | undefined): boolean {
  return scope !== undefined && OTHERS_ACTIVE.test(scope);
}
