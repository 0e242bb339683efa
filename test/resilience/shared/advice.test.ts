import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adviceMs } from "../../../src/stores/breakers/advice.ts";
import { FireAndForget } from "../../naive/breakers-fire-and-forget.ts";
import { OPEN_MS, Processes, type StoreOf, states } from "./processes.ts";

/** Some processes, one of which keeps failing; the others see nothing but successes. */
async function oneBadProcess(storeOf?: StoreOf): Promise<readonly string[]> {
  const all = new Processes(storeOf);
  const [bad, ...good] = [all.start(), all.start(), all.start(), all.start()];
  await all.pass(100);
  for (let n = 0; n < 20; n += 1) {
    bad.fail(4);
    for (const one of good) one.succeed();
    await all.pass(1_000);
  }
  return states([bad, ...good]);
}

describe("one bad process", () => {
  it("opens its own breaker, and nobody else's", async () => {
    expect(await oneBadProcess()).toEqual(["open", "closed", "closed", "closed"]);
  });

  it("opens everyone's where states are shared as they are", async () => {
    const naive = new FireAndForget();
    expect(await oneBadProcess((down) => naive.store(down))).not.toContain("closed");
  });
});

describe("the advice of a breaker that has opened", () => {
  it("makes half of the others need half as many failures, and opens none by itself", async () => {
    const all = new Processes();
    const [bad, ...others] = [all.start(), all.start(), all.start(), all.start(), all.start()];
    await all.pass(100);
    bad.fail(4);
    await all.pass(100);
    expect(states(others)).toEqual(["closed", "closed", "closed", "closed"]);
    for (const other of others) other.fail(1);
    expect(states(others)).toEqual(["closed", "closed", "closed", "closed"]);
    for (const other of others) other.fail(1);
    expect(states(others).toSorted()).toEqual(["closed", "closed", "open", "open"]);
  });

  it("reaches the other one of two", async () => {
    const all = new Processes();
    const [bad, other] = [all.start(), all.start()];
    await all.pass(100);
    bad.fail(4);
    await all.pass(100);
    other.fail(2);
    expect(other.state).toBe("open");
  });

  it("is there for a process that starts later", async () => {
    const all = new Processes();
    all.start().fail(4);
    await all.pass(100);
    const late = all.start();
    await all.pass(100);
    late.fail(2);
    expect(late.state).toBe("open");
  });

  it("opens nothing that has already failed that often, until it fails again", async () => {
    const all = new Processes();
    const [bad, other] = [all.start(), all.start()];
    await all.pass(100);
    other.fail(3);
    bad.fail(4);
    await all.pass(100);
    expect(other.state).toBe("closed");
    other.fail(1);
    expect(other.state).toBe("open");
  });

  it("ends when that breaker has closed again", async () => {
    const all = new Processes();
    const [bad, other] = [all.start(), all.start()];
    await all.pass(100);
    bad.fail(4);
    await all.pass(1_000);
    bad.operator("reset");
    await all.pass(6_000);
    other.fail(3);
    expect(other.state).toBe("closed");
  });

  it("ends with the open time, when nobody calls that breaker any more", async () => {
    const all = new Processes();
    const [bad, other] = [all.start(), all.start()];
    await all.pass(100);
    bad.fail(4);
    await all.pass(OPEN_MS - 6_000);
    other.fail(1);
    await all.pass(7_000);
    other.fail(2);
    expect(other.state).toBe("closed");
  });

  it("ends within 35 seconds where its process has died", async () => {
    const all = new Processes();
    const [bad, other] = [all.start(), all.start()];
    await all.pass(100);
    bad.fail(4);
    await all.pass(100);
    bad.down = true;
    await all.pass(35_000);
    other.fail(3);
    expect(other.state).toBe("closed");
  });

  it("ends within 15 seconds where the store falls silent", async () => {
    const all = new Processes();
    const [bad, other] = [all.start(), all.start()];
    await all.pass(100);
    bad.fail(4);
    await all.pass(100);
    other.down = true;
    await all.pass(15_000);
    other.fail(3);
    expect(other.state).toBe("closed");
  });

  it("is not given by what an operator forces open", async () => {
    const all = new Processes();
    const one = all.start();
    const other = all.start("researcher", (driver) => ({
      ...driver,
      read: async (names) =>
        new Map([...(await driver.read(names))].map(([n, s]) => [n, { ...s, operator: undefined }])),
    }));
    await all.pass(100);
    one.operator("forced_open");
    await all.pass(6_000);
    other.fail(3);
    expect(other.state).toBe("closed");
  });
});

const instances = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 30 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((instance) =>
        fc.record({
          instance: fc.constant(instance),
          openMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e6 })),
        }),
      ),
    ),
  );

describe("who is told", () => {
  it("is at least one of those that are not open, at most half of all that live, and the same to everybody", () => {
    fc.assert(
      fc.property(instances, (living) => {
        const told = living.filter(({ instance }) => adviceMs(living, instance) > 0);
        const calm = living.filter(({ openMs }) => openMs === 0);
        expect(told.every(({ openMs }) => openMs === 0)).toBe(true);
        const some = calm.length < living.length && calm.length > 0;
        const most = Math.max(1, Math.floor(living.length / 2));
        expect(told.length).toBe(some ? Math.min(calm.length, most) : 0);
        const reversed = living.toReversed();
        expect(reversed.filter(({ instance }) => adviceMs(reversed, instance) > 0).toReversed()).toEqual(
          told,
        );
      }),
    );
  });

  it("is nobody whom the store does not count", () => {
    expect(adviceMs([{ instance: "a", openMs: 1_000 }], "b")).toBe(0);
  });
});
