import fc from "fast-check";
import { expect, it } from "vitest";
import type { CheckpointStore } from "../../../src/stores/checkpoints/checkpoint-store.ts";
import { checkpointedWorkflow } from "../../../src/work/checkpointed-workflow.ts";

const boom = new Error("boom");

interface Program {
  readonly name: string;
  readonly version: string;
  readonly steps: readonly string[];
}

const BEGUN: Program = { name: "research", version: "1", steps: ["gather", "search", "write"] };

const names = fc.uniqueArray(fc.constantFrom("gather", "search", "write", "check", "send"), { minLength: 1 });
const programs = fc
  .record({ name: fc.constantFrom("research", "other"), version: fc.constantFrom("1", "2"), steps: names })
  .filter((program) => JSON.stringify(program) !== JSON.stringify(BEGUN));

/** What becomes of a program that was changed while a run of it was open, on every store of checkpoints. */
export function changedProgramsSuite(open: () => CheckpointStore): void {
  /** A program that notes its steps; the second fails, so that the run stays open. */
  const build = ({ name, version, steps }: Program, ran: string[] = []) => {
    let workflow = checkpointedWorkflow(name, { store: { checkpoints: open() }, version });
    for (const [i, step] of steps.entries())
      workflow = workflow.step(step, () => {
        ran.push(step);
        if (i === 1) throw boom;
        return {};
      });
    return workflow;
  };

  it("is found out and said 100 times, and nothing of it is run", async () => {
    await expect(build(BEGUN).execute("100")).rejects.toMatchObject({ code: "workflow_step_failed" });
    const ran: string[] = [];
    for (const program of fc.sample(programs, { numRuns: 100, seed: 8 })) {
      await expect(build(program, ran).execute("100")).rejects.toMatchObject({
        code: "workflow_changed",
        recorded: { workflow: "research", version: "1", steps: BEGUN.steps },
        current: { workflow: program.name, version: program.version, steps: program.steps },
      });
    }
    expect(ran).toEqual([]);
  });

  it("is told what is other about it", async () => {
    await expect(build(BEGUN).execute("told")).rejects.toThrow();
    const said = async (program: Partial<Program>) =>
      String(
        await build({ ...BEGUN, ...program })
          .execute("told")
          .catch((error: unknown) => error),
      );
    expect(await said({ steps: ["gather", "find", "write"] })).toContain(
      'step 1 was "search", and now it is "find"',
    );
    expect(await said({ steps: ["gather", "search"] })).toContain(
      'step 2 was "write", and now it is not there',
    );
    expect(await said({ version: "2" })).toContain('it was version "1", and now it is "2"');
    expect(await said({ name: "other" })).toContain('it belongs to the workflow "research"');
  });

  it("leaves the run as it was, for the program that began it", async () => {
    await expect(build(BEGUN).execute("left")).rejects.toThrow();
    await expect(build({ ...BEGUN, version: "2" }).execute("left")).rejects.toMatchObject({
      code: "workflow_changed",
    });
    const ran: string[] = [];
    await expect(build(BEGUN, ran).execute("left")).rejects.toMatchObject({ code: "workflow_step_failed" });
    expect(ran).toEqual(["search"]);
  });
}
