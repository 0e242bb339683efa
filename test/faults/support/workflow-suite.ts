import { expect, it } from "vitest";
import { crashEverywhere, killAtRandom } from "./workflow-crashes.ts";
import { judge, type Runner, startRunner } from "./workflow-runners.ts";

const KILLS = process.env["AGENT_OTEL_LONG_FAULTS"] === "1" ? 1_000 : 15;

/**
 * What holds on every store of checkpoints, with real processes that are killed and stopped.
 *
 * @param open A place that nobody has used: a folder, a file that ends in .db, or the URL of PostgreSQL.
 */
export function workflowFaultSuite(store: string, open: () => Promise<string>): void {
  it("run no committed step again, and no effect twice with another key, after a crash at 5 points of 20 steps", async () => {
    const { lines, crashes, begunThoughStored } = await crashEverywhere(await open());
    const { repeated, ...verdict } = judge(lines);
    console.log(`${store}: ${crashes} crashes, ${verdict.effects} effects, ${repeated} of them repeated`);
    expect({ ...verdict, crashes, begunThoughStored }).toEqual({
      effects: 100 + repeated,
      committedAgain: 0,
      otherKeys: 0,
      done: 5,
      crashes: 100,
      begunThoughStored: 0,
    });
    expect(repeated).toBeLessThanOrEqual(crashes);
  });

  it(`are none of them stuck after ${KILLS} random kills, and none ran a committed step again`, async () => {
    const { lines, crashes, begunThoughStored, runs } = await killAtRandom(await open(), KILLS);
    const { repeated, committedAgain, otherKeys, done } = judge(lines);
    console.log(`${store}: ${crashes} kills, ${runs} runs, ${repeated} effects repeated`);
    expect({ committedAgain, otherKeys, done, begunThoughStored }).toEqual({
      committedAgain: 0,
      otherKeys: 0,
      done: runs,
      begunThoughStored: 0,
    });
    expect(repeated).toBeLessThanOrEqual(crashes);
  }, 3_000_000);

  it("have one owner, of four processes that begin at once", async () => {
    const place = await open();
    // Nobody dies here. With a short lease a process that the machine holds up for longer would rightly lose its run.
    const runners = Array.from({ length: 4 }, () => startRunner({ place, count: 5, leaseMs: 30_000 }));
    await Promise.all(runners.map(({ ended }) => ended));
    const { repeated, committedAgain, effects } = judge(runners.flatMap(({ lines }) => lines));
    expect({ repeated, committedAgain, effects }).toEqual({ repeated: 0, committedAgain: 0, effects: 100 });
    expect(runners.map(({ lines }) => lines.filter((line) => line.startsWith("done")).length)).toEqual([
      5, 5, 5, 5,
    ]);
  });

  it("keep nothing of an owner that was stopped for longer than its lease", async () => {
    const place = await open();
    // Long enough not to be over before it is stopped.
    const steps = 300;
    const stopped = startRunner({ place, steps });
    await stopped.said("kept run 0 5");
    stopped.process.kill("SIGSTOP");
    const before = keptBy(stopped).length;
    const second = startRunner({ place, steps });
    await second.said("done run 0");
    await second.ended;
    stopped.process.kill("SIGCONT");
    await stopped.ended;
    // What it was at when it was stopped may have reached the store.
    expect(keptBy(stopped).length).toBeLessThanOrEqual(before + 1);
    const all = [...keptBy(stopped), ...keptBy(second)];
    expect(new Set(all).size).toBe(all.length);
    expect(judge([...stopped.lines, ...second.lines]).repeated).toBeLessThanOrEqual(1);
    // The step that it was at ends as it can: nobody can take an effect back. Nothing is begun or kept any more.
    const lostAt = stopped.lines.indexOf("lost run 0");
    expect(lostAt).toBeGreaterThan(0);
    expect(stopped.lines.slice(lostAt + 1).filter((line) => !line.startsWith("effect"))).toEqual([]);
  });
}

function keptBy({ lines }: Runner): readonly string[] {
  return lines.filter((line) => line.startsWith("kept"));
}
