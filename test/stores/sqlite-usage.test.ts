import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { SqliteFile } from "../../src/stores/sqlite/sqlite-file.ts";
import { sqliteUsage } from "../../src/stores/sqlite/sqlite-usage.ts";
import { usageStoreSuite } from "./usage-store-suite.ts";

describe("usage in SQLite", () => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-usage-"));
  const files: SqliteFile[] = [];
  afterAll(() => {
    for (const file of files) file.close();
    rmSync(directory, { recursive: true });
  });
  const open = (name: string) => {
    const file = new SqliteFile(join(directory, `${name}.db`));
    files.push(file);
    return sqliteUsage(file);
  };
  let stores = 0;

  usageStoreSuite(async () => open(`suite-${stores++}`));
});
