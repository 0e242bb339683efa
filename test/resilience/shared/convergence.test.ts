import fc from "fast-check";
import { expect, it } from "vitest";
import type { BreakerDriver } from "../../../src/stores/breakers/breaker-driver.ts";
import { FireAndForget } from "../../naive/breakers-fire-and-forget.ts";
import { type Process, Processes, type StoreOf } from "./processes.ts";

type Step =
  | { readonly do: "operator"; readonly who: number; readonly state: "forced_open" | "disabled" | "reset" }
  | { readonly do: "cut" | "mend"; readonly who: number }
  | { readonly do: "start" }
  | { readonly do: "forget" }
  | { readonly do: "reconnect" }
  | { readonly do: "pass"; readonly ms: number };

const who = fc.nat({ max: 5 });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("operator" as const),
        who,
        state: fc.constantFrom("forced_open" as const, "disabled" as const, "reset" as const),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("cut" as const, "mend" as const), who }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom("start" as const, "forget" as const, "reconnect" as const),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 8_000 }) }),
    },
  ),
  { maxLength: 25 },
);

/** A database that does what it is asked at once, and says so later. */
function answeringAfter(all: Processes, ms: number, driver: BreakerDriver): BreakerDriver {
  const late = async <T>(answer: Promise<T>): Promise<T> => {
    const [settled] = await Promise.allSettled([answer]);
    if (ms > 0) await new Promise<void>((resolve) => void all.time.after(ms, resolve, false));
    if (settled.status === "rejected") throw settled.reason;
    return settled.value;
  };
  return {
    ...driver,
    operate: (name, action) => late(driver.operate(name, action)),
    restore: (name, record) => late(driver.restore(name, record)),
    beat: (beats, ttlMs) => late(driver.beat(beats, ttlMs)),
    read: (names) => late(driver.read(names)),
  };
}

/** What the last operator wanted, and what each process has in the end, when all have been connected for a while. */
async function played(
  schedule: readonly Step[],
  answerMs: number,
  storeOf?: StoreOf,
): Promise<{ wanted: string; found: string[] }> {
  const all = new Processes(storeOf);
  const start = () => all.start("researcher", (driver) => answeringAfter(all, answerMs, driver));
  const running: Process[] = [start(), start()];
  let wanted = "closed";
  for (const step of schedule) {
    if (step.do === "start") running.push(start());
    else if (step.do === "forget") all.memory.forget();
    else if (step.do === "reconnect") all.memory.reconnect();
    else if (step.do === "pass") await all.pass(step.ms);
    else if (step.do === "operator") {
      running[step.who % running.length]!.operator(step.state);
      wanted = step.state === "reset" ? "closed" : step.state;
      // Two operators in the same millisecond have no order.
      await all.pass(2);
    } else running[step.who % running.length]!.down = step.do === "cut";
  }
  for (const process of running) process.down = false;
  await all.pass(12_000);
  running.push(start());
  await all.pass(1_000);
  return { wanted, found: running.map(({ state }) => state) };
}

const inTheEndAllAgree = (storeOf?: () => StoreOf) =>
  fc.asyncProperty(steps, fc.constantFrom(0, 3, 60, 700), async (schedule, answerMs) => {
    const { wanted, found } = await played(schedule, answerMs, storeOf?.());
    expect(found).toEqual(found.map(() => wanted));
  });

it("whatever is cut off, lost or late, in the end every process has what an operator did last", async () => {
  await fc.assert(inTheEndAllAgree(), { numRuns: 500 });
});

it("which messages alone do not achieve", async () => {
  const naive = () => {
    const messages = new FireAndForget();
    return (down: () => boolean) => messages.store(down);
  };
  await expect(fc.assert(inTheEndAllAgree(naive), { numRuns: 500 })).rejects.toThrow("Property failed");
});
