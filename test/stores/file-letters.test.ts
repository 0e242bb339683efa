import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { fileLetters } from "../../src/stores/file/file-letters.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { letterStoreSuite } from "./letter-store-suite.ts";

describe("dead letters in files", () => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-letters-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  const clock = new ManualClock();
  const suite = fileLetters(join(directory, "suite"), clock);
  letterStoreSuite({ open: async () => suite, pass: (ms) => clock.advance(ms) });
});
