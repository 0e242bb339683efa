import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { crashEverywhere } from "./support/workflow-crashes.ts";
import { judge, startRunner } from "./support/workflow-runners.ts";
import { workflowFaultSuite } from "./support/workflow-suite.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "agent-otel-workflow-"));
});
// Tens of thousands of files after a thousand kills.
afterEach(() => rmSync(directory, { recursive: true, force: true }), 120_000);

describe.each([
  ["SQLite", "workflows.db"],
  ["files", "workflows"],
])("workflows on %s", (store, name) => {
  workflowFaultSuite(store, async () => join(directory, name));
});

describe("checkpoints in a file that is written over", () => {
  it("would be seen: a kill while it is written runs committed steps again", async () => {
    const { lines } = await crashEverywhere(join(directory, "naive"), ["in_flight"], "naive");
    expect(judge(lines).committedAgain).toBeGreaterThan(0);
  });

  it("would be seen: two processes both run it", async () => {
    const place = join(directory, "naive");
    const runners = [1, 2].map(() => startRunner({ place, kind: "naive" }));
    await Promise.all(runners.map(({ ended }) => ended));
    expect(judge(runners.flatMap(({ lines }) => lines)).repeated).toBeGreaterThan(0);
  });
});
