import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/stores/sqlite/open-database.ts";
import { sqliteBreakerDriver } from "../../src/stores/sqlite/sqlite-breaker-driver.ts";
import { SqliteFile } from "../../src/stores/sqlite/sqlite-file.ts";
import { breakerStoreSuite } from "./breaker-store-suite.ts";

describe("breaker state in SQLite", () => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-breakers-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  breakerStoreSuite(async () => sqliteBreakerDriver(new SqliteFile(join(directory, "breakers.db"))), {
    "names what changed": "SQLite says only that something has changed",
  });

  it("makes no file to read, or to listen", async () => {
    const path = join(directory, "none.db");
    const driver = sqliteBreakerDriver(new SqliteFile(path));
    await driver.listen({ changed() {}, missed() {} });
    await driver.read(["researcher"]);
    await driver.close();
    expect(existsSync(path)).toBe(false);
  });

  it("waits while another process holds the lock", async () => {
    const path = join(directory, "busy.db");
    const driver = sqliteBreakerDriver(new SqliteFile(path));
    const other = openDatabase(path);
    other.exec("BEGIN IMMEDIATE");
    const beaten = driver.beat([{ name: "researcher", instance: "a", openMs: 0, changed: false }], 60_000);
    await turn();
    other.exec("COMMIT");
    other.close();
    await beaten;
    expect((await driver.read(["researcher"])).get("researcher")?.instances).toHaveLength(1);
    await driver.close();
  });
});
