import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { inFolder, type ProgramRun, runExample, textOf } from "../fixtures/run-program.ts";

/** The names of the steps that it began. */
function steps({ stdout }: ProgramRun): readonly (string | undefined)[] {
  return [...stdout.matchAll(/^step (\w+)/gm)].map(([, step]) => step);
}

export function workflowSuite() {
  describe.concurrent("the example of a workflow", () => {
    let killed: ProgramRun;
    let second: ProgramRun;
    let third: ProgramRun;
    let traceOfTwo: string;
    let traceOfAll: string;
    beforeAll(async () => {
      await inFolder(async (folder) => {
        const trace = join(folder, "trace.jsonl");
        const checkpoints = ["--checkpoints", join(folder, "checkpoints")];
        killed = await runExample("workflow", trace, ...checkpoints, "--die-at", "write");
        second = await runExample("workflow", trace, ...checkpoints);
        traceOfTwo = textOf(trace);
        third = await runExample("workflow", trace, ...checkpoints);
        traceOfAll = textOf(trace);
      });
    }, 60_000);

    it("goes on after a kill with the step that was at work", () => {
      expect(killed.signal, killed.stderr).toBe("SIGKILL");
      expect(steps(killed)).toEqual(["gather", "search", "write"]);
      expect(second.signal, second.stderr).toBe(null);
      expect(steps(second)).toEqual(["write"]);
      expect(second.stdout).toContain("report: Otters need rivers. They need each other.");
    });

    it("runs nothing the third time, and still has the report", () => {
      expect(steps(third)).toEqual([]);
      expect(third.stdout, third.stderr).toContain("report: Otters need rivers.");
    });

    it("asks the model once for each step, over all its processes", () => {
      // What the process that was killed had not written yet is gone with it.
      expect(traceOfAll.match(/"chat gpt-4o-mini"/g)?.length).toBeLessThanOrEqual(3);
      expect(traceOfTwo).toContain('"agents.workflow.resumed"');
    });
  });
}
