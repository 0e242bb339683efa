import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type DiagLogger, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BreakerListener } from "../../../src/stores/breakers/breaker-store.ts";
import { SharedBreakers } from "../../../src/stores/breakers/shared-breakers.ts";
import { OPEN_MS, Processes } from "./processes.ts";

const said: string[] = [];

beforeEach(() => {
  said.length = 0;
  const note = (...args: unknown[]) => void said.push(args.join(" "));
  const logger: DiagLogger = { error: note, warn: note, info() {}, debug() {}, verbose() {} };
  diag.setLogger(logger, { suppressOverrideMessage: true });
});

afterEach(() => diag.disable());

describe("while the store is down", () => {
  it("a breaker opens, tries and closes by itself", async () => {
    const all = new Processes();
    const one = all.start();
    one.down = true;
    await all.pass(1_000);
    one.fail(4);
    expect(one.state).toBe("open");
    await all.pass(OPEN_MS);
    one.succeed();
    expect(one.state).toBe("closed");
  });

  it("it is said once, counted every time, and tried again every two seconds", async () => {
    const all = new Processes();
    const one = all.start("researcher", (driver) => ({ ...driver, name: "redis://one.example" }));
    one.down = true;
    await all.pass(60_000);
    expect(said).toEqual([
      "agent-otel: the store of shared breakers redis://one.example failed; they go on by themselves, and it is tried again " +
        "the memory is down",
    ]);
    expect(one.breakers.storeFailures).toBeGreaterThan(20);
    expect(one.breakers.storeFailures).toBeLessThan(60);
    expect(one.share.storeFailures).toBe(one.breakers.storeFailures);
  });

  it("a breaker counts only the failures since it joined", async () => {
    const all = new Processes();
    const one = all.start();
    one.down = true;
    await all.pass(10_000);
    const seat = one.breakers.join("late", listener);
    expect(seat.storeFailures).toBe(0);
    await all.pass(10_000);
    expect(seat.storeFailures).toBeGreaterThan(0);
  });

  it("nothing that breakers do makes it try more often", async () => {
    const all = new Processes();
    const one = all.start();
    one.down = true;
    for (let n = 0; n < 600; n += 1) {
      one.fail(4);
      one.operator("reset");
      await all.pass(100);
    }
    expect(one.breakers.storeFailures).toBeLessThan(60);
  });

  it("no timer holds the process", async () => {
    const all = new Processes();
    all.start().down = true;
    await all.pass(10_000);
    expect([all.time.holds, all.time.waiting > 0]).toEqual([false, true]);
  });
});

describe("a store that does not answer", () => {
  it("is asked again after five seconds, and what an operator did arrives then", async () => {
    const all = new Processes();
    let answers = false;
    const one = all.start("researcher", (driver) => ({
      ...driver,
      operate: (name, action) => (answers ? driver.operate(name, action) : new Promise(() => {})),
    }));
    const other = all.start();
    await all.pass(100);
    one.operator("forced_open");
    await all.pass(4_900);
    expect(one.breakers.storeFailures).toBe(0);
    await all.pass(200);
    expect(one.breakers.storeFailures).toBe(1);
    answers = true;
    await all.pass(6_000);
    expect(other.state).toBe("forced_open");
  });

  it("costs the process no second request meanwhile", async () => {
    const all = new Processes();
    let asked = 0;
    const one = all.start("researcher", (driver) => ({
      ...driver,
      beat: () => {
        asked += 1;
        return new Promise(() => {});
      },
    }));
    await all.pass(100);
    one.fail(4);
    one.operator("reset");
    all.memory.reconnect();
    await all.pass(4_000);
    expect(asked).toBe(1);
  });
});

describe("a store that is back", () => {
  it("is asked once to tell of changes, however often it had to be tried", async () => {
    const all = new Processes();
    let asked = 0;
    const one = all.start("researcher", (driver) => ({
      ...driver,
      listen: async (hearing) => {
        await driver.listen(hearing);
        asked += 1;
      },
    }));
    one.down = true;
    await all.pass(10_000);
    one.down = false;
    await all.pass(60_000);
    expect(asked).toBe(1);
  });

  it("is asked at once when its driver says so", async () => {
    const all = new Processes();
    const [one, other] = [all.start(), all.start()];
    await all.pass(100);
    one.down = true;
    one.operator("forced_open");
    await all.pass(60_000);
    one.down = false;
    all.memory.reconnect();
    await all.pass(500);
    expect(other.state).toBe("forced_open");
  });
});

const listener: BreakerListener = { operated() {}, hurried() {} };

describe("a breaker that nobody holds any more", () => {
  it("is not among the living any more", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const all = new Processes();
    const { clock, after } = all.time;
    const breakers = new SharedBreakers(all.memory.driver(), { clock, after });
    breakers.join("kept", listener);
    (() => void breakers.join("dropped", { operated() {}, hurried() {} }))();
    const living = async () => {
      const found = await all.memory.driver().read(["kept", "dropped"]);
      return [...found].filter(([, { instances }]) => instances.length > 0).map(([name]) => name);
    };
    await all.pass(100);
    expect(await living()).toEqual(["kept", "dropped"]);
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    await all.pass(30_000);
    expect(await living()).toEqual(["kept"]);
  });
});
