import { describe, expect, it } from "vitest";
import { memoryBudgets } from "../../src/stores/budgets/memory-budgets.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { budgetStoreSuite } from "./budget-store-suite.ts";

const HOUR_MS = 3_600_000;

describe("budgets in memory", () => {
  budgetStoreSuite(async (clock) => memoryBudgets(clock));

  function setUp() {
    const clock = new ManualClock();
    const store = memoryBudgets(clock);
    const day = { key: "day", limit: 100, endMs: clock.now() + 24 * HOUR_MS };
    const reserve = (id: string, amount: number) =>
      store.reserve({ id, amount, windows: [day], ttlMs: 1_000 });
    return { clock, store, reserve };
  }

  it("count a reservation that nobody ends as spent, all of it", async () => {
    const { clock, store, reserve } = setUp();
    await reserve("a", 60);
    clock.advance(1_000);
    expect(await store.use(["day"])).toEqual([{ spent: 60, reserved: 0 }]);
    expect((await reserve("b", 60)).kind).toBe("full");
  });

  it("put that right when its end comes late", async () => {
    const { clock, store, reserve } = setUp();
    await reserve("a", 60);
    clock.advance(1_000);
    await store.use(["day"]);
    expect(await store.settle("a", 5)).toEqual([{ spent: 5, reserved: 0 }]);
  });

  it("forget windows two days after their end, and not before", async () => {
    const { clock, store, reserve } = setUp();
    await reserve("a", 60);
    await store.settle("a", 60);
    clock.advance(71 * HOUR_MS);
    expect(await store.use(["day"])).toEqual([{ spent: 60, reserved: 0 }]);
    clock.advance(2 * HOUR_MS);
    expect(await store.use(["day"])).toEqual([{ spent: 0, reserved: 0 }]);
  });
});
