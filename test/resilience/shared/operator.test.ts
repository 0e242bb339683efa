import { describe, expect, it } from "vitest";
import type { BreakerDriver } from "../../../src/stores/breakers/breaker-driver.ts";
import type { SharedBreakers } from "../../../src/stores/breakers/shared-breakers.ts";
import { Processes, states } from "./processes.ts";

/** Counts the actions that reach a database. */
function counting(count: { actions: number }): (driver: BreakerDriver) => BreakerDriver {
  return (driver) => ({
    ...driver,
    operate: (name, action) => {
      count.actions += 1;
      return driver.operate(name, action);
    },
  });
}

describe("what an operator does in one process", () => {
  it.each(["forced_open", "disabled"] as const)("is done in the others: %s", async (state) => {
    const all = new Processes();
    const [one, other] = [all.start(), all.start()];
    await all.pass(100);
    one.operator(state);
    await all.pass(100);
    expect(states([one, other])).toEqual([state, state]);
  });

  it("is done in a process that starts later", async () => {
    const all = new Processes();
    all.start().operator("forced_open");
    await all.pass(100);
    const late = all.start();
    await all.pass(100);
    expect(late.state).toBe("forced_open");
  });

  it("is ended everywhere by a reset, which also closes what has opened by itself", async () => {
    const all = new Processes();
    const [one, other, third] = [all.start(), all.start(), all.start()];
    await all.pass(100);
    one.operator("forced_open");
    await all.pass(100);
    other.operator("reset");
    await all.pass(100);
    expect(states([one, other, third])).toEqual(["closed", "closed", "closed"]);
    third.fail(4);
    expect(third.state).toBe("open");
    one.operator("reset");
    await all.pass(100);
    expect(third.state).toBe("closed");
  });

  it("does not reach breakers of another name", async () => {
    const all = new Processes();
    const [one, other] = [all.start("researcher"), all.start("writer")];
    one.operator("forced_open");
    await all.pass(6_000);
    expect(states([one, other])).toEqual(["forced_open", "closed"]);
  });

  it("is not handed in again by those who were told", async () => {
    const all = new Processes();
    const count = { actions: 0 };
    const [one] = [all.start("a", counting(count)), all.start("a", counting(count))];
    await all.pass(100);
    one.operator("forced_open");
    await all.pass(20_000);
    expect(count.actions).toBe(1);
  });

  it("is not done there again when it is stored", async () => {
    const all = new Processes();
    const one = all.start();
    await all.pass(100);
    one.operator("reset");
    one.fail(4);
    await all.pass(6_000);
    expect(one.state).toBe("open");
  });

  it("comes after what was known there, whatever the clocks say", async () => {
    const all = new Processes();
    const seen: number[] = [];
    const one = all.start("researcher", (driver) => ({
      ...driver,
      operate: (name, action) => {
        seen.push(action.seen);
        return driver.operate(name, action);
      },
    }));
    one.operator("reset");
    await all.pass(100);
    all.start().operator("forced_open");
    await all.pass(1_000);
    const stored = (await all.memory.driver().read(["researcher"])).get("researcher");
    one.operator("disabled");
    await all.pass(100);
    expect(seen).toEqual([0, stored?.operator?.version]);
  });

  it("is not lost when it is done while the one before is being stored", async () => {
    const all = new Processes();
    const gate = Promise.withResolvers<void>();
    const one = all.start("researcher", (driver) => ({
      ...driver,
      operate: async (name, action) => {
        await gate.promise;
        return driver.operate(name, action);
      },
    }));
    const other = all.start();
    await all.pass(100);
    one.operator("forced_open");
    await all.pass(100);
    one.operator("reset");
    gate.resolve();
    await all.pass(6_000);
    expect(states([one, other])).toEqual(["closed", "closed"]);
  });

  it("closes nothing that has opened since, when a reset of long ago is read by a new process", async () => {
    const all = new Processes();
    all.start().operator("reset");
    await all.pass(1_000);
    const late = all.start();
    late.fail(4);
    await all.pass(6_000);
    expect(late.state).toBe("open");
  });

  it("reaches a process that had heard nothing from the store yet, when it was done after it started", async () => {
    const all = new Processes();
    const one = all.start();
    const cutOff = all.start();
    cutOff.down = true;
    cutOff.fail(4);
    await all.pass(1_000);
    one.operator("reset");
    await all.pass(1_000);
    cutOff.down = false;
    await all.pass(6_000);
    expect(cutOff.state).toBe("closed");
  });
});

describe("what an operator does while a process is cut off", () => {
  it("reaches it once it is back", async () => {
    const all = new Processes();
    const [one, other] = [all.start(), all.start()];
    await all.pass(100);
    other.down = true;
    one.operator("forced_open");
    await all.pass(10_000);
    expect(other.state).toBe("closed");
    other.down = false;
    await all.pass(6_000);
    expect(other.state).toBe("forced_open");
  });

  it("reaches it although no message told it so", async () => {
    const all = new Processes();
    const deaf = all.start("researcher", (driver) => ({ ...driver, listen: async () => {} }));
    const one = all.start();
    await all.pass(100);
    one.operator("forced_open");
    await all.pass(6_000);
    expect(deaf.state).toBe("forced_open");
  });

  it("reaches the others once it is back, where it was done in that process", async () => {
    const all = new Processes();
    const [one, other] = [all.start(), all.start()];
    await all.pass(100);
    one.down = true;
    one.operator("forced_open");
    await all.pass(30_000);
    expect(states([one, other])).toEqual(["forced_open", "closed"]);
    one.down = false;
    await all.pass(6_000);
    expect(other.state).toBe("forced_open");
  });

  it("gives way to what an operator did elsewhere in the meantime", async () => {
    const all = new Processes();
    const [one, other] = [all.start(), all.start()];
    await all.pass(100);
    one.down = true;
    one.operator("forced_open");
    await all.pass(1_000);
    other.operator("disabled");
    await all.pass(1_000);
    one.down = false;
    await all.pass(6_000);
    expect(states([one, other])).toEqual(["disabled", "disabled"]);
  });

  it("wins over what an operator did elsewhere before", async () => {
    const all = new Processes();
    const [one, other] = [all.start(), all.start()];
    await all.pass(100);
    one.down = true;
    other.operator("disabled");
    await all.pass(1_000);
    one.operator("forced_open");
    await all.pass(1_000);
    one.down = false;
    await all.pass(6_000);
    expect(states([one, other])).toEqual(["forced_open", "forced_open"]);
  });

  it("is handed in once, the last of many", async () => {
    const all = new Processes();
    const count = { actions: 0 };
    const one = all.start("a", counting(count));
    const other = all.start("a");
    await all.pass(100);
    one.down = true;
    for (let n = 0; n < 1_000; n += 1) one.operator(n % 2 === 0 ? "reset" : "forced_open");
    await all.pass(3_000);
    count.actions = 0;
    one.down = false;
    await all.pass(6_000);
    expect([count.actions, other.state]).toEqual([1, "forced_open"]);
  });
});

/** May read, and write only where a test says so. */
function readOnly(mayWrite: { now: boolean }): (driver: BreakerDriver) => BreakerDriver {
  const no = () => Promise.reject(new Error("NOPERM"));
  return (driver) => ({
    ...driver,
    operate: (name, action) => (mayWrite.now ? driver.operate(name, action) : no()),
    beat: (beats, ttlMs) => (mayWrite.now ? driver.beat(beats, ttlMs) : no()),
  });
}

describe("a process that may only read", () => {
  it("does what others do", async () => {
    const all = new Processes();
    const one = all.start();
    const deaf = { listen: async () => {} };
    const reader = all.start("researcher", (driver) => ({ ...readOnly({ now: false })(driver), ...deaf }));
    await all.pass(1_000);
    one.operator("forced_open");
    await all.pass(3_000);
    expect(reader.state).toBe("forced_open");
  });

  it("keeps what was done there over what was done elsewhere before", async () => {
    const all = new Processes();
    const mayWrite = { now: false };
    const one = all.start();
    const reader = all.start("researcher", readOnly(mayWrite));
    await all.pass(100);
    reader.down = true;
    one.operator("disabled");
    await all.pass(1_000);
    reader.operator("forced_open");
    reader.down = false;
    await all.pass(10_000);
    expect(states([one, reader])).toEqual(["disabled", "forced_open"]);
    mayWrite.now = true;
    await all.pass(6_000);
    expect(states([one, reader])).toEqual(["forced_open", "forced_open"]);
  });

  it("gives up what was done there when something is done elsewhere later", async () => {
    const all = new Processes();
    let attempts = 0;
    const one = all.start();
    const reader = all.start("researcher", (driver) => ({
      ...driver,
      listen: async () => {},
      operate: () => {
        attempts += 1;
        return Promise.reject(new Error("NOPERM"));
      },
    }));
    await all.pass(100);
    reader.operator("forced_open");
    await all.pass(1_000);
    one.operator("disabled");
    await all.pass(3_000);
    expect(reader.state).toBe("disabled");
    attempts = 0;
    await all.pass(10_000);
    expect(attempts).toBe(0);
  });
});

describe("a database that has lost what an operator did", () => {
  it("gets it back from any process that knows it", async () => {
    const all = new Processes();
    all.start().operator("forced_open");
    await all.pass(100);
    all.memory.forget();
    await all.pass(6_000);
    const late = all.start();
    await all.pass(100);
    expect(late.state).toBe("forced_open");
  });

  it("does not make anybody do it again", async () => {
    const all = new Processes();
    const [one, other] = [all.start(), all.start()];
    await all.pass(100);
    one.operator("reset");
    await all.pass(100);
    other.fail(4);
    all.memory.forget();
    await all.pass(10_000);
    expect(other.state).toBe("open");
  });

  it("undoes nothing newer when it comes back with an old copy", async () => {
    const all = new Processes();
    const [one, other] = [all.start(), all.start()];
    one.operator("forced_open");
    await all.pass(100);
    const copy = (await all.memory.driver().read(["researcher"])).get("researcher")?.operator;
    one.operator("reset");
    await all.pass(100);
    all.memory.forget();
    await all.memory.driver().restore("researcher", copy!);
    await all.pass(6_000);
    const late = all.start();
    await all.pass(6_000);
    expect(states([one, other, late])).toEqual(["closed", "closed", "closed"]);
  });
});

describe("the end of a process", () => {
  it("hands in what still waits when its store is closed", async () => {
    const all = new Processes();
    const [one, other] = [all.start(), all.start()];
    await all.pass(100);
    one.operator("forced_open");
    await (one.breakers as SharedBreakers).close();
    await all.pass(100);
    expect(other.state).toBe("forced_open");
  });

  it("waits two seconds for what an operator did, and no longer", async () => {
    const all = new Processes();
    const one = all.start();
    one.down = true;
    await all.pass(100);
    expect(all.time.holds).toBe(false);
    one.operator("forced_open");
    await all.pass(1_900);
    expect(all.time.holds).toBe(true);
    await all.pass(200);
    expect(all.time.holds).toBe(false);
  });

  it("waits no longer than it takes to store it", async () => {
    const all = new Processes();
    const one = all.start();
    one.operator("forced_open");
    expect(all.time.holds).toBe(true);
    await all.pass(50);
    expect(all.time.holds).toBe(false);
  });

  it("closes a store twice, leaves no timer, and takes part in nothing any more", async () => {
    const all = new Processes();
    let closed = 0;
    const one = all.start("researcher", (driver) => ({
      ...driver,
      close: async () => {
        closed += 1;
      },
    }));
    await all.pass(100);
    const breakers = one.breakers as SharedBreakers;
    await Promise.all([breakers.close(), breakers.close()]);
    await breakers.close();
    expect([closed, all.time.waiting]).toEqual([1, 0]);
    one.operator("forced_open");
    breakers.join("late", { operated() {}, hurried() {} }).operated("reset");
    expect(all.time.waiting).toBe(0);
  });

  it("hands in what the last breaker of its name was told, also where nobody holds that breaker any more", async () => {
    const all = new Processes();
    const [one, other] = [all.start(), all.start()];
    one.operator("forced_open");
    one.share.leave();
    await all.pass(100);
    expect(other.state).toBe("forced_open");
  });

  it("does not wait for a store that does not answer", async () => {
    const all = new Processes();
    const one = all.start("researcher", (driver) => ({ ...driver, read: () => new Promise(() => {}) }));
    await all.pass(100);
    const closed = (one.breakers as SharedBreakers).close();
    await all.pass(2_100);
    await closed;
  });
});

it("a breaker that throws when it is told does not keep others from being told", async () => {
  const all = new Processes();
  const [one, other] = [all.start(), all.start()];
  const sharing = other.breakers as SharedBreakers;
  const bad = {
    operated: () => {
      throw new Error("on purpose");
    },
    hurried: () => {},
  };
  sharing.join("researcher", bad);
  await all.pass(100);
  one.operator("forced_open");
  await all.pass(100);
  expect(other.state).toBe("forced_open");
});
