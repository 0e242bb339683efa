import { setTimeout as wait } from "node:timers/promises";
import { openCheckpoints } from "./open-checkpoints.ts";
import { CRASH_POINTS, type RunnerOptions, startRunner } from "./workflow-runners.ts";

const STEPS = 20;
const MOST_LOST = 20;

/** What the processes said, and what they were found to have begun although it was in the store when they started. */
export interface CrashHistory {
  readonly lines: readonly string[];
  readonly crashes: number;
  readonly begunThoughStored: number;
}

/** One run for each point, which dies there once at each of its 20 steps. */
export async function crashEverywhere(
  place: string,
  points: readonly string[] = CRASH_POINTS,
  kind: RunnerOptions["kind"] = "ours",
): Promise<CrashHistory> {
  const all = await Promise.all(points.map((point, first) => crashAtEachStep({ place, first, kind }, point)));
  return {
    lines: all.flatMap(({ lines }) => lines),
    crashes: all.reduce((sum, { crashes }) => sum + crashes, 0),
    begunThoughStored: all.reduce((sum, { begunThoughStored }) => sum + begunThoughStored, 0),
  };
}

async function crashAtEachStep(
  { kind = "ours", ...options }: Pick<RunnerOptions, "place" | "first" | "kind">,
  point: string,
): Promise<CrashHistory> {
  const id = `run ${options.first}`;
  const lines: string[] = [];
  let [crashes, begunThoughStored, lost] = [0, 0, 0];
  for (let seq = 0; seq <= STEPS; seq++) {
    const stored = kind === "ours" ? await storedSteps(options.place, id) : 0;
    const runner = startRunner({
      ...options,
      kind,
      steps: STEPS,
      crash: seq < STEPS ? `${seq}:${point}` : "-",
    });
    await runner.ended;
    if (runner.process.signalCode === "SIGKILL") crashes += 1;
    begunThoughStored += begunBefore(runner.lines, id, stored);
    lines.push(...runner.lines);
    // On a machine that let it wait for longer than its lease, it has not come to where it dies: the next one does.
    if (runner.lines.includes(`lost ${id}`) && lost++ < MOST_LOST) seq -= 1;
  }
  return { lines, crashes, begunThoughStored };
}

/** Kills a process at random while it runs workflows, again and again, and lets the last one finish. */
export async function killAtRandom(
  place: string,
  kills: number,
): Promise<CrashHistory & { readonly runs: number }> {
  const lines: string[] = [];
  let [first, crashes, begunThoughStored] = [0, 0, 0];
  for (let n = 0; n <= kills; n++) {
    const stored = await storedSteps(place, `run ${first}`);
    // More than it can do before it is killed; the last one has an end.
    const runner = startRunner({ place, first, count: n < kills ? 1_000 : 5 });
    if (n < kills) {
      await runner.said("start");
      await wait(Math.random() * 120);
      runner.process.kill("SIGKILL");
      crashes += 1;
    }
    await runner.ended;
    begunThoughStored += begunBefore(runner.lines, `run ${first}`, stored);
    lines.push(...runner.lines);
    first = nextRun(lines);
  }
  return { lines, crashes, begunThoughStored, runs: first };
}

/** The first run that nobody has said to be done. */
function nextRun(lines: readonly string[]): number {
  const done = lines.flatMap((line) => (line.startsWith("done run ") ? [Number(line.slice(9))] : []));
  return done.length === 0 ? 0 : Math.max(...done) + 1;
}

function begunBefore(lines: readonly string[], id: string, stored: number): number {
  return lines.filter((line) => {
    const [, seq] = new RegExp(`^start ${id} (\\d+)$`).exec(line) ?? [];
    return seq !== undefined && Number(seq) < stored;
  }).length;
}

async function storedSteps(place: string, id: string): Promise<number> {
  const { checkpoints, close } = openCheckpoints(place);
  try {
    return (await checkpoints.read(id))?.steps.length ?? 0;
  } finally {
    await close();
  }
}
