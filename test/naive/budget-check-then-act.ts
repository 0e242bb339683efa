import type { BudgetAnswer, BudgetRequest, BudgetStore } from "../../src/stores/budgets/budget-store.ts";

/** The mistake: looks whether there is room, makes the call, and books it then. Whoever looks meanwhile sees the same room. */
export function checkThenActBudgets(store: BudgetStore): BudgetStore {
  const asked = new Map<string, BudgetRequest>();
  return {
    async reserve(request): Promise<BudgetAnswer> {
      const use = await store.use(request.windows.map(({ key }) => key));
      const full = use.findIndex(
        ({ spent, reserved }, i) => spent + reserved + request.amount > request.windows[i]!.limit,
      );
      if (full >= 0) return { kind: "full", window: full, use: use[full]! };
      asked.set(request.id, request);
      return { kind: "reserved", use };
    },
    async settle(id, actual) {
      const request = asked.get(id);
      if (request === undefined) return undefined;
      asked.delete(id);
      const unlimited = request.windows.map((window) => ({ ...window, limit: Number.MAX_SAFE_INTEGER }));
      await store.reserve({ ...request, windows: unlimited });
      return store.settle(id, actual);
    },
    use: (keys) => store.use(keys),
  };
}
