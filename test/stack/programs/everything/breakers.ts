import { setTimeout as wait } from "node:timers/promises";
import {
  cachedFallback,
  circuitBreaker,
  decomposeFallback,
  degradedFallback,
  escalateFallback,
  type Fallback,
  type Ledger,
  type Store,
  serviceTiers,
} from "agent-otel";
import type { Team } from "./team.ts";

/** How one call goes; the promise is settled by the caller. */
const down = async (): Promise<string> => {
  throw new Error("the model is overloaded");
};

/** Breakers in every state, with all that they count. @param broken A store that cannot be reached. */
export async function useBreakers(team: Team, ledger: Ledger, broken: Store): Promise<void> {
  // Opens, refuses, tries again and closes: the breaker of an agent, so that its refusals are part of the agent's health.
  const researcher = circuitBreaker({
    name: "researcher",
    failureThreshold: 2,
    recoveryTimeoutMs: 20,
    fallback: degradedFallback(async () => "what is known already"),
    ledger,
  });
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 2; i++)
      await researcher
        .execute(() => team.call("user", "researcher", team.researcher, true))
        .catch(() => undefined);
    for (let i = 0; i < 3; i++) await researcher.execute(down).catch(() => undefined);
    await wait(40);
    await researcher
      .execute(() => team.call("user", "researcher", team.researcher, false))
      .catch(() => undefined);
  }

  // A result that comes after the state that let its call through, and one that says nothing of the dependency.
  const slow = circuitBreaker({ name: "slow", failureThreshold: 1, recoveryTimeoutMs: 600_000 });
  const late = slow.execute(() => wait(20));
  await slow.execute(down).catch(() => undefined);
  await late.catch(() => undefined);
  await slow.execute(down).catch(() => undefined);
  const picky = circuitBreaker({ name: "picky" });
  for (let i = 0; i < 3; i++)
    await picky
      .execute(async () => {
        throw Object.assign(new Error("bad request"), { status: 400 });
      })
      .catch(() => undefined);

  circuitBreaker({ name: "idle", failureThreshold: 1, recoveryTimeoutMs: 1 }).recordFailure(
    new Error("once"),
  );
  circuitBreaker({ name: "stopped" }).forceOpen();
  circuitBreaker({ name: "off" }).disable();
  circuitBreaker({ name: "shared", store: broken }).forceOpen();
}

/** Every kind of fallback, and every outcome of one; and a service that goes through its tiers. */
export async function useFallbacks(ledger: Ledger): Promise<void> {
  const nothing: Fallback = { kind: "backup", answer: () => undefined };
  const fallbacks = {
    cached: cachedFallback({ maxAgeMs: 600_000 }),
    degraded: degradedFallback(async () => "a simpler answer", { confidence: 0.6 }),
    failing: degradedFallback(down),
    escalated: escalateFallback(() => undefined, { ledger }),
    decomposed: decomposeFallback(
      (parts: readonly string[]) => parts,
      async (part: string) => `an answer to ${part}`,
    ),
    empty: nothing,
  };
  for (const [name, fallback] of Object.entries(fallbacks)) {
    const breaker = circuitBreaker({ name: `with_${name}`, failureThreshold: 100, fallback });
    let works = true;
    const ask = breaker.around(async (parts: readonly string[]): Promise<unknown> => {
      if (!works) throw new Error("the model is overloaded");
      return parts;
    });
    await ask(["one", "two"]);
    works = false;
    for (let i = 0; i < 3; i++) await ask(["one", "two"]).catch(() => undefined);
  }

  const answers = serviceTiers({
    name: "answers",
    premium: async (how: string) => {
      if (how !== "well") throw new Error("no premium today");
      return how;
    },
    standard: async (how: string) => {
      if (how === "badly") throw new Error("no standard either");
      return how;
    },
    basic: async (how: string) => {
      if (how === "badly") throw new Error("no template");
      return how;
    },
    emergency: "sorry",
  });
  for (const how of ["well", "well", "so so", "badly", "so so", "badly"]) await answers.call(how);
}
