import type { AnyFunction } from "./wrap-function.ts";

const NAME = Symbol.for("agent-otel.agent");

/** Remembers on the wrapped function which agent it is: its own `name` stays that of the user's function. */
export function markAgent<F extends AnyFunction>(fn: F, name: string): F {
  Object.defineProperty(fn, NAME, { value: name, configurable: true });
  return fn;
}

export function agentNameOf(fn: AnyFunction): string | undefined {
  const name = (fn as { [NAME]?: unknown })[NAME];
  return typeof name === "string" ? name : undefined;
}
