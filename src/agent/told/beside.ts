import type { GuardChain } from "../call-guard.ts";
import type { ModelRequest } from "../model-call.ts";
import type { Scope } from "../scope.ts";

/** A model call that a framework tells of, to the calls of clients that may be the same. */
export interface ToldCall {
  readonly guards: GuardChain | undefined;
  /** The same call, as a framework around this one tells of it. */
  readonly outer: ToldCall | undefined;
  /** Whether no call of a client has been found to be this one. */
  readonly isFree: boolean;
  mayBe(request: ModelRequest): boolean;
  /** A call of a client has begun that is the same, or an attempt at it. */
  innerBegan(): void;
  /** Such a call knows its tokens, and counts. */
  innerCounted(): void;
  /** Such a call has ended without knowing them: what follows may be an attempt more. */
  innerFailed(): void;
  /** Whether an attempt at it has failed, and none has been made since. */
  readonly awaitsAttempt: boolean;
}

/** Whoever never ends keeps its place; more than this are forgotten, oldest first. */
const MOST_AT_ONCE = 1_000;

/** Documented registry: told calls outside of any agent that are open now. */
const atTheTop = new Set<ToldCall>();

function openIn(scope: Scope | undefined): Set<ToldCall> {
  if (scope === undefined) return atTheTop;
  scope.own.told ??= new Set();
  return scope.own.told;
}

/** Lets calls of clients that are made by the same agent find `call`: for frameworks that run nothing of the program inside of it. */
export function placeBeside(scope: Scope | undefined, call: ToldCall): () => void {
  const open = openIn(scope);
  open.add(call);
  const [oldest] = open.size > MOST_AT_ONCE ? open : [];
  if (oldest !== undefined) open.delete(oldest);
  return () => {
    open.delete(call);
  };
}

/** The call that a framework tells of and inside of which `scope` is. */
export function toldAround(scope: Scope | undefined): ToldCall | undefined {
  const modelCall = scope?.modelCall;
  return modelCall !== undefined && isTold(modelCall) ? modelCall : undefined;
}

/**
 * The call that a framework tells of and that a client's call of `scope` is: the oldest free one beside it that fits, else the one around
 * it. Where all are taken it is the next attempt at one that has failed, else a call of the program's own, which counts by itself.
 */
export function toldCallOf(scope: Scope | undefined, request: ModelRequest): ToldCall | undefined {
  const around = toldAround(scope);
  if (scope?.modelCall !== undefined && around === undefined) return undefined;
  const beside = scope === undefined ? atTheTop : scope.own.told;
  if (beside === undefined || beside.size === 0) return around;
  for (const call of beside) if (call.isFree && call.outer === around && call.mayBe(request)) return call;
  for (const call of beside)
    if (call.awaitsAttempt && call.outer === around && call.mayBe(request)) return call;
  return around;
}

function isTold(call: object): call is ToldCall {
  return "innerCounted" in call;
}
