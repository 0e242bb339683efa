import { AGENT_MARK } from "../internal/agent-mark.ts";
import type { AnyFunction } from "./wrap-function.ts";

/** Remembers on the wrapped function which agent it is: its own `name` stays that of the user's function. */
export function markAgent<F extends AnyFunction>(fn: F, name: string): F {
  Object.defineProperty(fn, AGENT_MARK, { value: name, configurable: true });
  return fn;
}

export function agentNameOf(fn: AnyFunction): string | undefined {
  const name = (fn as { [AGENT_MARK]?: unknown })[AGENT_MARK];
  return typeof name === "string" ? name : undefined;
}
