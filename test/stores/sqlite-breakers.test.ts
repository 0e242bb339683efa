import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { sqliteBreakerDriver } from "../../src/stores/sqlite/sqlite-breaker-driver.ts";
import { SqliteFile } from "../../src/stores/sqlite/sqlite-file.ts";
import { breakerStoreSuite } from "./breaker-store-suite.ts";

describe("breaker state in SQLite", () => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-breakers-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  breakerStoreSuite(async () => sqliteBreakerDriver(new SqliteFile(join(directory, "breakers.db"))), {
    "names what changed": "SQLite says only that something has changed",
  });
});
