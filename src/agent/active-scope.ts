import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Context,
  context,
  createContextKey,
  INVALID_SPAN_CONTEXT,
  type Span,
  trace,
} from "@opentelemetry/api";
import { safely } from "../internal/warn-once.ts";
import type { Scope } from "./scope.ts";

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

/**
 * Where a framework is in a context of its own: of the call of ours that it is working on there, or `undefined` where it works on none.
 * Asked often, so it only looks something up.
 */
export type ContextSource = () => Context | undefined;

/** Documented registry: filled by adapters whose framework tells of calls by callbacks, inside of which nothing of the program runs. */
const sources: ContextSource[] = [];

/** @returns Takes it away again. */
export function addContextSource(source: ContextSource): () => void {
  sources.push(source);
  return () => {
    const index = sources.indexOf(source);
    if (index !== -1) sources.splice(index, 1);
  };
}

/** @returns Who is at work in `within`, an OpenTelemetry context. */
export function activeScopeIn(within: Context): Scope | undefined {
  return within.getValue(SCOPE_KEY) as Scope | undefined;
}

/** @param within Only saves the look-up to those who have the active context already. */
export function activeScope(within: Context = activeContext()): Scope | undefined {
  return (within.getValue(SCOPE_KEY) as Scope | undefined) ?? fallback?.getStore();
}

/** The active context: OpenTelemetry's, or that of a framework where the program is deeper inside of it. */
export function activeContext(): Context {
  const active = context.active();
  return sources.length === 0 ? active : innermost(active);
}

/** @returns `active`, or the context that a framework knows where `active` is not inside of that. */
export function innermost(active: Context): Context {
  let inner = active;
  for (const source of sources) {
    let told: Context | undefined;
    safely("asking a framework for its context", () => {
      told = source();
    });
    if (told !== undefined && !isWithin(activeScope(inner), activeScopeIn(told))) inner = told;
  }
  return inner;
}

function isWithin(scope: Scope | undefined, outer: Scope | undefined): boolean {
  for (let each = scope; each !== undefined; each = each.parent) if (each === outer) return true;
  return false;
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
