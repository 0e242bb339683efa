import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inFolder, root, runProgram } from "../fixtures/run-program.ts";

const folder = join(root, "examples/testing");

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

function runWorkedTests(): Promise<Report> {
  return inFolder(async (place) => {
    const file = join(place, "report.json");
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const args = ["run", "--root", folder, "--no-cache", "--reporter=json", `--outputFile=${file}`];
    const { stderr } = await runProgram([vitest, ...args], {}, folder);
    // Where there is a report, it says which test failed and why.
    expect(existsSync(file), stderr).toBe(true);
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  });
}

export function testingSuite() {
  describe.concurrent("the worked tests", () => {
    it("hold as a user runs them, in a few seconds and with no key", async () => {
      const report = await runWorkedTests();
      const failures = report.testResults.flatMap(({ message, assertionResults }) => [
        ...(assertionResults.length === 0 ? [message] : []),
        ...assertionResults.flatMap(({ title, failureMessages }) =>
          failureMessages.map((why) => `${title}: ${why}`),
        ),
      ]);
      expect(failures).toEqual([]);
      expect([report.numTotalTests, report.numPassedTests]).toEqual([5, 5]);
      const spentMs = report.testResults.reduce(
        (sum, { startTime, endTime }) => sum + endTime - startTime,
        0,
      );
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
}
