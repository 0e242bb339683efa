import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Context,
  context,
  createContextKey,
  INVALID_SPAN_CONTEXT,
  type Span,
  trace,
} from "@opentelemetry/api";
import type { CallGuard, GuardChain } from "./call-guard.ts";
import type { WatchedStep } from "./run-watch.ts";
import { Tally } from "./tally.ts";

export type CallerType = "agent" | "workflow";

/** A model call, to those inside of it. */
export interface OuterCall {
  /** How many calls began inside of it. */
  innerCalls: number;
  /** Who was asked for it. */
  readonly guards: GuardChain | undefined;
}

/** Who is at work, in names. All of them each time, even if undefined: objects of one shape are made fastest. */
type Names = Pick<Scope, "kind" | "name" | "agent" | "workflow" | "conversation">;

/**
 * Who is at work: the innermost agent or workflow call, linked to those around it. Travels in one key of the
 * OpenTelemetry context, never in baggage, so no name leaves the process by itself.
 */
export class Scope {
  readonly parent: Scope | undefined;
  readonly kind: CallerType | undefined;
  /** Name of the innermost agent or workflow. */
  readonly name: string | undefined;
  /** Name of the innermost agent: stands on every model and tool span below. */
  readonly agent: string | undefined;
  readonly workflow: string | undefined;
  readonly conversation: string | undefined;
  /** Model and tool calls of the innermost agent or workflow itself. A conversation inside an agent shares the agent's. */
  readonly own: Tally;
  /** All model calls in here and below. */
  readonly subtree: Tally;

  /** The model call that is at work, inside of which another one would tell of the same. */
  readonly modelCall: OuterCall | undefined;
  /** Who is asked before calls in here are made. */
  readonly guards: GuardChain | undefined;
  /** Who watches the innermost agent or workflow. */
  readonly step: WatchedStep | undefined;

  private constructor(
    parent: Scope | undefined,
    names: Names,
    totals?: Pick<Scope, "own" | "subtree">,
    modelCall?: OuterCall,
    guards = parent?.guards,
    step = parent?.step,
  ) {
    this.parent = parent;
    this.modelCall = modelCall;
    this.guards = guards;
    this.step = step;
    this.kind = names.kind;
    this.name = names.name;
    this.agent = names.agent;
    this.workflow = names.workflow;
    this.conversation = names.conversation;
    this.own = totals?.own ?? new Tally();
    this.subtree = totals?.subtree ?? new Tally();
  }

  static agent(parent: Scope | undefined, name: string, step?: WatchedStep): Scope {
    const { workflow, conversation } = parent ?? NOBODY;
    const names: Names = { kind: "agent", name, agent: name, workflow, conversation };
    return new Scope(parent, names, undefined, undefined, parent?.guards, step);
  }

  static workflow(parent: Scope | undefined, name: string, step?: WatchedStep): Scope {
    const { agent, conversation } = parent ?? NOBODY;
    const names: Names = { kind: "workflow", name, agent, workflow: name, conversation };
    return new Scope(parent, names, undefined, undefined, parent?.guards, step);
  }

  static conversation(parent: Scope | undefined, id: string): Scope {
    const { kind, name, agent, workflow } = parent ?? NOBODY;
    return new Scope(parent, { kind, name, agent, workflow, conversation: id }, parent);
  }

  /** All as around it, but with one more guard, and totals that begin anew for it. */
  static guarded(parent: Scope | undefined, guard: CallGuard): Scope {
    const totals = { own: parent?.own ?? new Tally(), subtree: new Tally() };
    return new Scope(parent, parent ?? NOBODY, totals, parent?.modelCall, { guard, outer: parent?.guards });
  }

  /** Inside a model call all is as around it, but that layers below it can tell. */
  static model(parent: Scope | undefined, call: OuterCall): Scope {
    return new Scope(parent, parent ?? NOBODY, parent, call);
  }

  /** What a tool asks of a model is another call, also where the tool runs inside one. */
  outsideModelCall(): Scope {
    return this.modelCall === undefined ? this : new Scope(this, this, this);
  }

  /** Adds one finished model call to this scope and to all around it. */
  addModelCall(tokens: number, costNanoUsd: number): void {
    this.own.add(tokens, costNanoUsd);
    let added: Tally | undefined;
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      if (scope.subtree !== added) scope.subtree.add(tokens, costNanoUsd);
      added = scope.subtree;
    }
  }
}

const NOBODY: Names = {
  kind: undefined,
  name: undefined,
  agent: undefined,
  workflow: undefined,
  conversation: undefined,
};

const SCOPE_KEY = createContextKey("agent-otel.scope");
const SPAN_KEY = spanKey();

/** The API does not export the key under which the active span lies in a context; a context that is no context learns it. */
function spanKey(): symbol {
  let learnt = SCOPE_KEY;
  const listening: Context = {
    getValue: () => undefined,
    setValue(key) {
      learnt = key;
      return listening;
    },
    deleteValue: () => listening,
  };
  trace.setSpanContext(listening, INVALID_SPAN_CONTEXT);
  return learnt;
}

/**
 * Used only where no OpenTelemetry context manager is active, so that agents are known without an SDK. Made when first
 * needed: a second live AsyncLocalStorage would make every `run` dearer for programs that have the SDK's.
 */
let fallback: AsyncLocalStorage<Scope> | undefined;

/** @returns Who is at work in `within`, an OpenTelemetry context. */
export function activeScopeIn(within: Context): Scope | undefined {
  return within.getValue(SCOPE_KEY) as Scope | undefined;
}

/** @param within Only saves the look-up to those who have the active context already. */
export function activeScope(within: Context = context.active()): Scope | undefined {
  return (within.getValue(SCOPE_KEY) as Scope | undefined) ?? fallback?.getStore();
}

/**
 * A context with a scope, and the span of its call where there is one. With two `setValue` all values of `parent` would be
 * copied twice, and each call pays that; here nothing is copied until somebody sets one more value.
 */
class CallContext implements Context {
  readonly #parent: Context;
  readonly #scope: Scope;
  readonly #span: Span | undefined;

  constructor(parent: Context, scope: Scope, span: Span | undefined) {
    this.#parent = parent;
    this.#scope = scope;
    this.#span = span;
  }

  getValue(key: symbol): unknown {
    if (key === SCOPE_KEY) return this.#scope;
    if (key === SPAN_KEY && this.#span !== undefined) return this.#span;
    return this.#parent.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#copied().setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.#copied().deleteValue(key);
  }

  #copied(): Context {
    const scoped = this.#parent.setValue(SCOPE_KEY, this.#scope);
    return this.#span === undefined ? scoped : trace.setSpan(scoped, this.#span);
  }
}

/** The OpenTelemetry context below `parent` in which `scope` is at work and `span` is active. */
export function scopeContext(parent: Context, scope: Scope | undefined, span: Span | undefined): Context {
  if (scope === undefined) return span === undefined ? parent : trace.setSpan(parent, span);
  return new CallContext(parent, scope, span);
}

/** Calls `fn` with `next` active, and with `scope` known also where no context manager is there to keep `next`. */
export function applyInScope<A extends unknown[], R>(
  next: Context,
  scope: Scope | undefined,
  fn: (...args: A) => R,
  self: unknown,
  args: A,
): R {
  if (scope === undefined) return context.with(next, fn, self, ...args);
  return context.with(next, applyKnown<A, R>, undefined, next, scope, fn, self, args);
}

// Arguments all the way down and no closure: every agent call comes through here.
function applyKnown<A extends unknown[], R>(
  next: Context,
  scope: Scope,
  fn: (...args: A) => R,
  self: unknown,
  args: A,
): R {
  if (context.active() === next) return Reflect.apply(fn, self, args);
  fallback ??= new AsyncLocalStorage<Scope>();
  return fallback.run(scope, Reflect.apply<unknown, A, R>, fn, self, args);
}
