import type { BreakerRegistry } from "../../resilience/breaker-registry.ts";
import type { Ledger } from "../../stores/ledger/ledger.ts";
import type { BreakerRow } from "../api/agents.ts";
import type { BreakerSource } from "../sources/sources.ts";

/**
 * @param ledger Has a row of each reset, with who asked for it, before it is done: one that must not lose a row, and cannot write it, refuses
 *   the reset.
 */
export function breakerSource(
  registry: BreakerRegistry,
  ledger: Pick<Ledger, "append"> | undefined,
): BreakerSource {
  return {
    list: async () =>
      registry
        .all()
        .map(rowOf)
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    reset: async (name, actor) => {
      // Never by `get`, which would make one of whatever name was asked for.
      const breaker = registry.all().find((each) => each.name === name);
      if (breaker === undefined) return undefined;
      const { state: from } = breaker;
      await ledger?.append({ kind: "operator", subject: name, from, actor, payload: { action: "reset" } });
      breaker.reset({ actor });
      return breaker.state;
    },
  };
}

function rowOf(breaker: ReturnType<BreakerRegistry["all"]>[number]): BreakerRow {
  return {
    name: breaker.name,
    state: breaker.state,
    since: null,
    retry_after_ms: null,
    failures: null,
    successes: null,
    rejections: breaker.counts.rejections,
    resettable: true,
    reset_hint: null,
  };
}
