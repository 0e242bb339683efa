import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sqliteBudgets } from "../../src/stores/sqlite/sqlite-budgets.ts";
import { SqliteFile } from "../../src/stores/sqlite/sqlite-file.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { budgetStoreSuite } from "./budget-store-suite.ts";

describe("budgets in SQLite", () => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-budgets-"));
  const files: SqliteFile[] = [];
  afterAll(() => {
    for (const file of files) file.close();
    rmSync(directory, { recursive: true });
  });
  const open = (name: string, clock?: ManualClock) => {
    const file = new SqliteFile(join(directory, `${name}.db`));
    files.push(file);
    return sqliteBudgets(file, clock);
  };

  budgetStoreSuite(async () => open("suite"));

  const windowOf = (key: string) => ({ key, limit: 100, endMs: Date.UTC(2026, 0, 2) });

  it("are the same for two connections", async () => {
    const [one, other] = [open("two"), open("two")];
    await one.reserve({ id: "a", amount: 100, windows: [windowOf("day")], ttlMs: 60_000 });
    const asked = { id: "b", amount: 1, windows: [windowOf("day")], ttlMs: 60_000 };
    expect((await other.reserve(asked)).kind).toBe("full");
    await other.settle("a", 10);
    expect((await one.reserve({ ...asked, amount: 90 })).kind).toBe("reserved");
  });

  it("count a reservation that nobody ends as spent, and put that right when its end comes late", async () => {
    const clock = new ManualClock();
    const store = open("expiry", clock);
    await store.reserve({ id: "a", amount: 60, windows: [windowOf("day")], ttlMs: 1_000 });
    clock.advance(1_000);
    expect(await store.use(["day"])).toEqual([{ spent: 60, reserved: 0 }]);
    expect(await store.settle("a", 5)).toEqual([{ spent: 5, reserved: 0 }]);
  });

  it("outlive the process that made them", async () => {
    const first = open("restart");
    await first.reserve({ id: "a", amount: 60, windows: [windowOf("day")], ttlMs: 60_000 });
    await first.settle("a", 50);
    files.pop()?.close();
    expect(await open("restart").use(["day"])).toEqual([{ spent: 50, reserved: 0 }]);
  });
});
