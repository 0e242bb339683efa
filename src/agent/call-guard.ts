import { safely } from "../internal/warn-once.ts";
import { ATTR_REQUEST_CHOICE_COUNT, ATTR_REQUEST_MAX_TOKENS, OP_EMBEDDINGS } from "../telemetry/semconv.ts";
import { activeScope } from "./active-scope.ts";
import { inputBound } from "./input-bound.ts";
import type { ModelRequest } from "./model-call.ts";
import type { Scope } from "./scope.ts";
import { type ToldCall, toldCallOf } from "./told/beside.ts";

/** A model call that is about to be sent. */
export interface ModelCallIntent {
  /** The agent at work. */
  readonly agent: string | undefined;
  readonly provider: string | undefined;
  readonly model: string | undefined;
  /** What the request allows, all its answers together; `undefined` where it sets no bound. */
  readonly maxOutputTokens: number | undefined;
  /** More tokens than the input will have, by its size; `undefined` where nobody knows (see `inputBound`). Counted when asked for. */
  readonly inputTokensBound: () => number | undefined;
}

/** What a guard wants to know of a call that it let through. */
export interface AdmittedCall {
  /** @param costNanoUsd `undefined` where the price is not known. */
  ended(tokens: number, costNanoUsd: number | undefined): void;
  /**
   * Told while an answer streams in whose length nobody had bounded.
   *
   * @param outputTokens Estimated, so far.
   * @returns Why the answer is to be broken off; `undefined` where it may go on.
   */
  grew?(outputTokens: number): Error | undefined;
}

/** Stands between the calls of one run and the world. What it throws is thrown to whoever calls, and the call is not made. */
export interface CallGuard {
  modelCall?(intent: ModelCallIntent): AdmittedCall | undefined;
  toolCall?(tool: string): void;
}

/** Guards of a scope, the innermost first. */
export interface GuardChain {
  readonly guard: CallGuard;
  readonly outer: GuardChain | undefined;
}

/**
 * Asks the guards of the run before a model is asked. One call may come through several layers (`chat()` around an instrumented
 * client): the first inside another is that same call, any further one is a retry, and asked for.
 *
 * @param body Of the request, where it is at hand.
 * @param told The same call as a framework tells of it; `null` where it is known that none does.
 * @throws what a guard throws. Those that had let it through are told that it ended without cost.
 */
export function askBeforeModelCall(
  request: ModelRequest,
  body: unknown,
  scope: Scope | undefined = activeScope(),
  told: ToldCall | null | undefined = toldCallOf(scope, request),
): AdmittedCall | undefined {
  if (scope === undefined || (scope.guards ?? scope.step) === undefined || isSameCall(scope, told))
    return undefined;
  scope.step?.modelBegins();
  if (scope.guards === undefined) return undefined;
  let bound: { readonly tokens: number | undefined } | undefined;
  const intent: ModelCallIntent = {
    agent: request.agent ?? scope.agent,
    provider: request.provider,
    model: request.model,
    maxOutputTokens: maxOutput(request, body),
    inputTokensBound() {
      bound ??= { tokens: body === undefined ? undefined : inputBound(body) };
      return bound.tokens;
    },
  };
  const admitted: AdmittedCall[] = [];
  try {
    for (let link: GuardChain | undefined = scope.guards; link !== undefined; link = link.outer) {
      const call = link.guard.modelCall?.(intent);
      if (call !== undefined) admitted.push(call);
    }
  } catch (error) {
    tellAll(admitted, 0, 0);
    throw error;
  }
  return admitted.length === 0 ? undefined : together(admitted);
}

/** The bound is for each answer, and a request may ask for several; `best_of` of completions bills those that nobody sees. */
function maxOutput({ operation, attributes }: ModelRequest, body: unknown): number | undefined {
  if (operation === OP_EMBEDDINGS) return 0;
  const limit = attributes?.[ATTR_REQUEST_MAX_TOKENS];
  if (typeof limit !== "number") return undefined;
  const bestOf: unknown = typeof body === "object" && body !== null && "best_of" in body ? body.best_of : 1;
  return limit * Math.max(1, countOf(attributes?.[ATTR_REQUEST_CHOICE_COUNT]), countOf(bestOf));
}

function countOf(value: unknown): number {
  return typeof value === "number" && value > 1 ? value : 1;
}

function together(admitted: readonly AdmittedCall[]): AdmittedCall {
  const ended: AdmittedCall["ended"] = (tokens, cost) => tellAll(admitted, tokens, cost);
  const growing = admitted.filter(({ grew }) => grew !== undefined);
  if (growing.length === 0) return { ended };
  const grew = (tokens: number): Error | undefined => {
    for (const call of growing) {
      const over = call.grew?.(tokens);
      if (over !== undefined) return over;
    }
    return undefined;
  };
  return { ended, grew };
}

/** The same before a tool runs. */
export function askBeforeToolCall(tool: string, scope: Scope | undefined): void {
  for (let link = scope?.guards; link !== undefined; link = link.outer) link.guard.toolCall?.(tool);
}

function tellAll(calls: readonly AdmittedCall[], tokens: number, cost: number | undefined): void {
  for (const call of calls) safely("telling a guard of a call", () => call.ended(tokens, cost));
}

/** A guard that was put up inside of the call around has not been asked for it. */
function isSameCall(scope: Scope, told: ToldCall | null | undefined): boolean {
  // The model call counts itself there when it begins, right after this.
  if (told) return told.isFree && told.guards === scope.guards;
  const { modelCall, guards } = scope;
  if (modelCall === undefined || modelCall.guards !== guards) return false;
  const first = modelCall.innerCalls === 0;
  modelCall.innerCalls += 1;
  return first;
}
