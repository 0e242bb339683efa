import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { sqliteLedger } from "../../src/stores/sqlite/sqlite-ledger.ts";
import { ledgerSuite } from "./ledger-suite.ts";

describe("a ledger in SQLite", () => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-ledger-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  ledgerSuite(async (place, options) => sqliteLedger({ path: join(directory, `${place}.db`), ...options }));
});
