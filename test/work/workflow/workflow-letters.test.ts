import { describe, expect, it } from "vitest";
import { sqlLetters } from "../../../src/stores/sql/sql-letters.ts";
import { SqliteFile } from "../../../src/stores/sqlite/sqlite-file.ts";
import { sqliteSql } from "../../../src/stores/sqlite/sqlite-sql.ts";
import { deadLetterQueue } from "../../../src/work/dead-letter-queue.ts";
import { bench, boom } from "./support.ts";

const at = bench();

function setUp() {
  const { clock, after } = at.now.time;
  const file = new SqliteFile(`${at.now.path}/letters.db`);
  const letters = deadLetterQueue({
    store: { deadLetters: sqlLetters(sqliteSql(file, "full", clock)) },
    clock,
    after,
  });
  const trouble = { fails: true };
  const workflow = at.now
    .workflow("research", { deadLetters: letters })
    .step("gather", () => ({ found: 3 }))
    .step("write", () => {
      if (trouble.fails) throw boom;
      return { report: "done" };
    });
  return { letters, trouble, workflow, close: () => file.close() };
}

describe("a workflow with dead letters", () => {
  it("puts a run that failed for good into them, and a replay goes on where it stopped", async () => {
    const { letters, trouble, workflow, close } = setUp();
    await expect(workflow.execute("7")).rejects.toMatchObject({ code: "workflow_step_failed" });
    const [letter] = await letters.list();
    expect(letter).toMatchObject({
      taskType: "research",
      payload: { workflowId: "7" },
      context: { step: "write", stepIndex: 1 },
      error: { message: "boom" },
      attempts: 1,
    });
    trouble.fails = false;
    const again = (payload: unknown) => workflow.execute((payload as { workflowId: string }).workflowId);
    expect(await letters.replay(letter!.id, again)).toEqual({
      ok: true,
      result: { found: 3, report: "done" },
    });
    close();
  });

  it("has one letter for each run, however often it fails, also within a replay", async () => {
    const { letters, workflow, close } = setUp();
    for (let i = 0; i < 2; i++) await expect(workflow.execute("7")).rejects.toMatchObject({ cause: boom });
    const [letter] = await letters.list();
    expect(await letters.replay(letter!.id, () => workflow.execute("7"))).toMatchObject({ ok: false });
    expect(await letters.list()).toMatchObject([{ id: letter!.id, attempts: 2, replays: 1 }]);
    close();
  });

  it("has another letter where it fails again after the first one was resolved", async () => {
    const { letters, workflow, close } = setUp();
    await expect(workflow.execute("7")).rejects.toThrow();
    const [first] = await letters.list();
    await letters.resolve(first!.id, "the provider was down");
    for (let i = 0; i < 2; i++) await expect(workflow.execute("7")).rejects.toThrow();
    const unresolved = await letters.list();
    expect(unresolved).toHaveLength(1);
    expect(unresolved[0]!.id).not.toBe(first!.id);
    close();
  });

  it("has one also where its id is as long as an id may be", async () => {
    const { letters, workflow, close } = setUp();
    const id = "x".repeat(4_096);
    await expect(workflow.execute(id)).rejects.toThrow();
    expect(await letters.list()).toMatchObject([{ payload: { workflowId: id } }]);
    close();
  });

  it("fails as it would where they cannot take it", async () => {
    const deadLetters = { add: () => Promise.reject(new Error("full")) };
    const workflow = at.now.workflow("research", { deadLetters }).step("write", () => Promise.reject(boom));
    await expect(workflow.execute("7")).rejects.toMatchObject({ code: "workflow_step_failed" });
    expect(await workflow.inspect("7")).toMatchObject({ status: "failed" });
  });
});
