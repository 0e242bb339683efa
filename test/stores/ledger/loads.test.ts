import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("fixtures/list-loaded.ts", import.meta.url));

it("loads the SQL builder when a ledger is first read, not to import the package or to write", () => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-ledger-"));
  const said = execFileSync(process.execPath, [PROGRAM, join(directory, "ledger.db")], { encoding: "utf8" });
  rmSync(directory, { recursive: true });
  expect(JSON.parse(said)).toEqual({ imported: [], wrote: [], read: ["kysely"] });
});
