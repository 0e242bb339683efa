import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Clock } from "../../src/internal/clock.ts";
import type { BudgetStore, BudgetWindow } from "../../src/stores/budgets/budget-store.ts";

/** @param clock To be used where the driver takes one. */
export type OpenBudgets = (clock?: Clock) => Promise<BudgetStore>;

const LATER = Date.now() + 86_400_000;
const NOTHING = { spent: 0, reserved: 0 };

function windowOf(limit: number, key = randomUUID()): BudgetWindow {
  return { key, limit, endMs: LATER };
}

/** What every store of budgets does. */
export function budgetStoreSuite(open: OpenBudgets): void {
  const request = (windows: readonly BudgetWindow[], amount: number, ttlMs = 60_000) => ({
    id: randomUUID(),
    amount,
    windows,
    ttlMs,
  });

  it("holds what is reserved until it is settled, and then what it did cost", async () => {
    const store = await open();
    const day = windowOf(100);
    const first = request([day], 60);
    expect(await store.reserve(first)).toEqual({ kind: "reserved", use: [{ spent: 0, reserved: 60 }] });
    expect(await store.settle(first.id, 20)).toEqual([{ spent: 20, reserved: 0 }]);
    expect(await store.use([day.key])).toEqual([{ spent: 20, reserved: 0 }]);
  });

  it("knows nothing of a window that nobody has used", async () => {
    expect(await (await open()).use([randomUUID()])).toEqual([NOTHING]);
  });

  it("takes an amount that fits exactly, and not one more", async () => {
    const store = await open();
    const day = windowOf(100);
    expect((await store.reserve(request([day], 100))).kind).toBe("reserved");
    expect(await store.reserve(request([day], 1))).toEqual({
      kind: "full",
      window: 0,
      use: { spent: 0, reserved: 100 },
    });
  });

  it("reserves in all windows or in none, and says which one is full", async () => {
    const store = await open();
    const [hour, day] = [windowOf(100), windowOf(50)];
    expect(await store.reserve(request([hour, day], 60))).toEqual({ kind: "full", window: 1, use: NOTHING });
    expect(await store.use([hour.key, day.key])).toEqual([NOTHING, NOTHING]);
  });

  it("gives all of it back where nothing was spent", async () => {
    const store = await open();
    const day = windowOf(100);
    const first = request([day], 100);
    await store.reserve(first);
    await store.settle(first.id, 0);
    expect((await store.reserve(request([day], 100))).kind).toBe("reserved");
  });

  it("counts the first end of a reservation alone", async () => {
    const store = await open();
    const day = windowOf(100);
    const first = request([day], 50);
    await store.reserve(first);
    await store.settle(first.id, 10);
    expect(await store.settle(first.id, 40)).toBeUndefined();
    expect(await store.settle(randomUUID(), 40)).toBeUndefined();
    expect(await store.use([day.key])).toEqual([{ spent: 10, reserved: 0 }]);
  });

  it("counts more than was reserved, and refuses what follows", async () => {
    const store = await open();
    const day = windowOf(100);
    const first = request([day], 50);
    await store.reserve(first);
    await store.settle(first.id, 130);
    expect(await store.reserve(request([day], 0))).toMatchObject({ kind: "full", use: { spent: 130 } });
  });

  it("never gives more than the limit to a thousand who ask at once", async () => {
    const store = await open();
    const day = windowOf(100);
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => store.reserve(request([day], 1))));
    expect(answers.filter(({ kind }) => kind === "reserved").length).toBe(100);
    expect(await store.use([day.key])).toEqual([{ spent: 0, reserved: 100 }]);
  });

  it("keeps scopes and periods apart", async () => {
    const store = await open();
    const [one, other] = [windowOf(100), windowOf(100)];
    await store.reserve(request([one], 100));
    expect((await store.reserve(request([other], 100))).kind).toBe("reserved");
  });

  it("keeps sums exact over random orders of reserving and settling", async () => {
    const store = await open();
    const step = fc.record({
      amount: fc.integer({ min: 0, max: 40 }),
      actual: fc.integer({ min: 0, max: 40 }),
      settles: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const day = windowOf(200);
        const waiting: { id: string; amount: number; actual: number }[] = [];
        let [spent, reserved] = [0, 0];
        for (const { amount, actual, settles } of steps) {
          const asked = request([day], amount);
          const fits = spent + reserved + amount <= 200;
          expect((await store.reserve(asked)).kind).toBe(fits ? "reserved" : "full");
          if (fits) {
            reserved += amount;
            waiting.push({ id: asked.id, amount, actual: Math.min(actual, amount) });
          }
          const first = settles ? waiting.shift() : undefined;
          if (first !== undefined) {
            await store.settle(first.id, first.actual);
            reserved -= first.amount;
            spent += first.actual;
          }
          expect(await store.use([day.key])).toEqual([{ spent, reserved }]);
        }
      }),
      { numRuns: 30 },
    );
  });
}
