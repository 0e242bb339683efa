import type { CallTotals } from "../telemetry/call-record.ts";
import { activeContext, activeScope, applyInScope, scopeContext } from "./active-scope.ts";
import type { CallGuard } from "./call-guard.ts";
import { Scope } from "./scope.ts";

/**
 * Runs `fn` with a guard that is asked before each model and tool call in it.
 *
 * @param fn Gets the running totals of all model calls in it.
 */
export function runGuarded<T>(guard: CallGuard, fn: (totals: CallTotals) => T): T {
  const scope = Scope.guarded(activeScope(), guard);
  return applyInScope(scopeContext(activeContext(), scope, undefined), scope, fn, undefined, [scope.subtree]);
}
