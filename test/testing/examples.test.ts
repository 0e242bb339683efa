import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "examples/testing");
const VITEST = join(root, "node_modules/vitest/vitest.mjs");
const NOT_PASSED_ON = /^(OTEL_|AGENT_OTEL_|OPENAI_|VITEST|NODE_|FORCE_COLOR)/;

interface Report {
  readonly numPassedTests: number;
  readonly numTotalTests: number;
  readonly testResults: readonly {
    /** Why the file could not be loaded. */
    readonly message: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

describe("the worked tests", () => {
  it("hold as a user runs them, in a few seconds and with no key", async () => {
    const clean = Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name));
    const file = join(await temporaryFolder(), "report.json");
    const vitest = promisify(execFile)(
      process.execPath,
      [VITEST, "run", "--root", folder, "--no-cache", "--reporter=json", `--outputFile=${file}`],
      { cwd: folder, env: Object.fromEntries(clean), timeout: 50_000 },
    );
    // The report says which test failed and why.
    await vitest.catch((error: unknown) => {
      if (!existsSync(file)) throw error;
    });
    const report = JSON.parse(readFileSync(file, "utf8")) as Report;
    const failures = report.testResults.flatMap(({ message, assertionResults }) => [
      ...(assertionResults.length === 0 ? [message] : []),
      ...assertionResults.flatMap(({ title, failureMessages }) =>
        failureMessages.map((why) => `${title}: ${why}`),
      ),
    ]);
    expect(failures).toEqual([]);
    expect([report.numTotalTests, report.numPassedTests]).toEqual([5, 5]);
    const spentMs = report.testResults.reduce((sum, { startTime, endTime }) => sum + endTime - startTime, 0);
    expect(spentMs).toBeLessThan(10_000);
  });

  it("stand in the guide as they are", () => {
    const guide = readFileSync(join(root, "docs/testing.md"), "utf8");
    for (const file of ["supervisor", "fallback", "recorded"]) {
      const [, ...lines] = readFileSync(join(folder, `${file}.test.ts`), "utf8")
        .trimEnd()
        .split("\n");
      expect(guide).toContain(lines.join("\n"));
    }
  });
});
