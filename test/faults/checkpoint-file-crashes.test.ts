import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FencedFolders } from "../../src/stores/file/fenced-folders.ts";
import { fileCheckpoints } from "../../src/stores/file/file-checkpoints.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { CheckpointInPlace } from "../naive/checkpoint-in-place.ts";
import { claimOf, holdOf, stepOf } from "./support/checkpoint-claims.ts";
import { runSteps, type SaidLine } from "./support/checkpoint-crashes.ts";

const ID = "orders/7";
const HOUR_MS = 3_600_000;
/** Processes at once. */
const AT_ONCE = 3;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "agent-otel-files-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const saidOf = (lines: readonly SaidLine[]) => lines.map(({ what }) => what);
/** By a clock that is so far ahead that every lease is over. */
const later = () => new ManualClock(Date.now() + HOUR_MS);

/** A run whose owner has vanished after a step. */
async function abandoned(root: string): Promise<void> {
  const store = fileCheckpoints(root, new ManualClock(Date.now() - HOUR_MS));
  await store.commit(holdOf(await store.claim(claimOf({ id: ID, leaseMs: 1 }))), stepOf(0));
}

const SCENES = ["fresh", "abandoned", "decree", "forget"];

describe("a run in files whose process dies", () => {
  it.each(SCENES)("before each call to the disk, in the middle of each write: %s", async (scene) => {
    const prepare = async (root: string) => {
      if (scene === "abandoned" || scene === "decree") await abandoned(root);
    };
    await prepare(join(directory, "whole"));
    const whole = await runSteps(join(directory, "whole"), scene, 0);
    const calls = whole.at(-1)!.calls;
    const died = async (dieAt: number) => {
      const root = join(directory, String(dieAt));
      await prepare(root);
      await recovers(root, saidOf(await runSteps(root, scene, dieAt)), scene);
    };
    for (let first = 1; first <= calls; first += AT_ONCE)
      await Promise.all(
        Array.from({ length: AT_ONCE }, (_, i) => first + i)
          .filter((dieAt) => dieAt <= calls)
          .map(died),
      );
    console.log(`${scene}: ${calls} crash points`);
    expect(calls).toBeGreaterThan(30);
  });

  it("would be seen to lose steps where one file is written over", async () => {
    const { calls } = (await runSteps(join(directory, "whole"), "in-place", 0)).at(-1)!;
    let lost = 0;
    for (let dieAt = 1; dieAt <= calls; dieAt++) {
      const root = join(directory, String(dieAt));
      const said = saidOf(await runSteps(root, "in-place", dieAt));
      const kept = await new CheckpointInPlace(root).steps().catch(() => []);
      if (kept.length < said.length) lost += 1;
    }
    expect(lost).toBeGreaterThan(0);
  });
});

describe("what was promised of a run in files", () => {
  it.each(SCENES)(
    "outlives a power cut: contents and names are synced before the promise resolves: %s",
    async (scene) => {
      const root = join(directory, "new", "root");
      if (scene === "abandoned" || scene === "decree") await abandoned(root);
      const lines = await runSteps(root, scene, 0);
      expect(lines.filter(({ atRisk }) => atRisk.length > 0)).toEqual([]);
      expect(lines.length).toBeGreaterThan(3);
    },
  );

  it("would be seen not to where a file is written and not synced", async () => {
    const [line] = await runSteps(join(directory, "root"), "in-place", 0);
    expect(line?.atRisk).toContain("/run.json");
  });
});

/** Nothing that was said is lost, nobody is stuck, and the run can be brought to its end. */
async function recovers(root: string, said: readonly string[], scene: string): Promise<void> {
  const where = `${scene}, after ${said.at(-1) ?? "nothing"} in ${root}`;
  const store = fileCheckpoints(root, later());
  const found = await store.read(ID);
  const before = scene === "abandoned" || scene === "decree" ? 1 : 0;
  const committed = said.filter((what) => what.startsWith("committed")).length + before;
  // What was begun and not said may be there or not.
  const mayBeGone = scene === "forget" && committed === 3;
  if (said.includes("forgotten")) expect(found, where).toBeUndefined();
  if ((said.includes("claimed") || before > 0) && !mayBeGone) expect(found, where).toBeDefined();
  const steps = found?.steps.length ?? 0;
  if (found !== undefined) {
    expect([committed, committed + 1], where).toContain(steps);
    expect(found.steps, where).toMatchObject(Array.from({ length: steps }, (_, seq) => stepOf(seq)));
  }
  if (said.includes("completed")) expect(found?.run.status, where).toBe("completed");
  await endsWell(store, said, where);
  await cleansUp(root);
}

async function endsWell(store: ReturnType<typeof fileCheckpoints>, said: readonly string[], where: string) {
  // Whoever wanted to reopen it wants it still.
  if (!said.includes("claimed") && (await store.read(ID))?.run.status === "cancelled") await store.reopen(ID);
  const claim = await store.claim(claimOf({ id: ID }));
  if (claim.kind === "completed") return;
  expect(claim.kind, where).toBe("claimed");
  const hold = holdOf(claim);
  for (let seq = claim.kind === "claimed" ? claim.steps.length : 0; seq < 3; seq++)
    expect(await store.commit(hold, stepOf(seq)), where).toBe("committed");
  expect(await store.end(hold, "completed"), where).toBe(true);
}

async function cleansUp(root: string): Promise<void> {
  await new FencedFolders(root).clean(Date.now() + 2 * HOUR_MS);
  const left = readdirSync(root, { recursive: true, encoding: "utf8" });
  expect(left.filter((path) => /(^|\/)\.(?!working$)/.test(path))).toEqual([]);
}
