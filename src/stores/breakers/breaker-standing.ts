import type { StoredBreaker } from "./breaker-driver.ts";
import type { BreakerStanding } from "./breaker-store.ts";

/** What is stored under a name, for who only looks. */
export function standingOf(stored: StoredBreaker | undefined): BreakerStanding {
  const { operator, instances = [] } = stored ?? {};
  const open = instances.filter(({ openMs }) => openMs > 0);
  return {
    alive: instances.length,
    open: open.length,
    openMs: open.reduce((most, { openMs }) => Math.max(most, openMs), 0),
    operator: operator && { state: operator.state, ageMs: operator.ageMs },
  };
}
