import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SharedState, sharedState } from "../../src/index.ts";
import { linesOf, runLists, startWriter, storeAt } from "./support/state-writers.ts";

const LONG = process.env["AGENT_OTEL_LONG_FAULTS"] === "1";
/** Of each of eight writers. */
const TRANSACTIONS = LONG ? 10_000 : 250;
const KILLS = LONG ? 300 : 12;
const LIMIT_MS = LONG ? 1_800_000 : 120_000;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "agent-otel-state-"));
});
afterEach(() => rmSync(directory, { recursive: true }));
const path = () => join(directory, "agent-otel.db");

describe("lists in one SQLite file", () => {
  it(`lose no update and show nothing that was never there: 8 writers of 4 processes × ${TRANSACTIONS} transactions`, {
    timeout: LIMIT_MS,
  }, async () => {
    const { anomalies, ...run } = await runLists(path(), directory, "lists", TRANSACTIONS);
    console.log(`lists: ${JSON.stringify(run)}`);
    expect(anomalies).toEqual([]);
    expect(run.committed).toBeGreaterThanOrEqual(8 * TRANSACTIONS);
    expect(run.refused).toBeGreaterThan(0);
  });

  it("would lose updates, and that would be seen, without the look at versions", {
    timeout: 120_000,
  }, async () => {
    const { anomalies } = await runLists(path(), directory, "lists-naive", 100);
    expect(anomalies.filter((one) => one.endsWith("is lost")).length).toBeGreaterThan(0);
    expect(anomalies.filter((one) => one.includes("which it never was")).length).toBeGreaterThan(0);
    expect(anomalies.filter((one) => one.includes("have no order")).length).toBe(1);
  });
});

/** Kills writers of pages, and looks all the time. @returns How often it saw pages that did not belong together. */
async function killed(
  kind: "pages" | "pages-naive",
  kills: number,
): Promise<{ torn: number; looks: number; left: number }> {
  const store = storeAt(path());
  const state = sharedState({ name: kind, store });
  const isTorn = async () => new Set((await state.entries()).map(({ value }) => value)).size > 1;
  let [torn, looks, left] = [0, 0, 0];
  for (let n = 0; n < kills; n++) {
    const writer = startWriter(path(), kind, join(directory, `${n}.log`), `w${n}`, 0);
    const ended = once(writer, "exit");
    await once(writer.stdout!, "data");
    const untilMs = performance.now() + Math.random() * 60;
    for (; performance.now() < untilMs; looks++) if (await isTorn()) torn += 1;
    writer.kill("SIGKILL");
    await ended;
    if (await isTorn()) left += 1;
  }
  await store.close();
  return { torn, looks, left };
}

describe("sessions of a process that is killed", () => {
  it(`leave all or nothing, and nobody sees half of one: ${KILLS} kills`, { timeout: LIMIT_MS }, async () => {
    const { torn, looks, left } = await killed("pages", KILLS);
    console.log(`pages: ${KILLS} kills, ${looks} looks, ${torn} torn, ${left} left torn`);
    expect(looks).toBeGreaterThan(KILLS);
    expect([torn, left]).toEqual([0, 0]);
  });

  it("would be seen in halves if they were written key by key", { timeout: 120_000 }, async () => {
    const { torn } = await killed("pages-naive", 6);
    expect(torn).toBeGreaterThan(0);
  });
});

describe("a lock of a process that stops", () => {
  const takeIt = async (state: SharedState, waitMs: number) =>
    state.lock("the lock", { agent: "next", waitMs });

  it("goes to the next one when its lease is over, and the first one, awake again, writes nothing", async () => {
    const store = storeAt(path());
    const state = sharedState({ name: "holder", store });
    const log = join(directory, "holder.log");
    const holder = startWriter(path(), "holder", log, "first", 0);
    const ended = once(holder, "exit");
    await once(holder.stdout!, "data");
    await wait(50);
    await expect(takeIt(state, 0)).rejects.toMatchObject({ code: "lock_timeout", holder: "first" });
    holder.kill("SIGSTOP");
    const lock = await takeIt(state, 5_000);
    await state.write("guarded", "next", { lock });
    await lock.release();
    holder.kill("SIGCONT");
    await ended;
    expect(linesOf(log)).toEqual(['"lock_lost"']);
    expect((await state.read("guarded"))?.value).toBe("next");
    await store.close();
  });

  it("goes to the next one when it is killed", async () => {
    const store = storeAt(path());
    const holder = startWriter(path(), "holder", join(directory, "holder.log"), "first", 0);
    const ended = once(holder, "exit");
    await once(holder.stdout!, "data");
    holder.kill("SIGKILL");
    await ended;
    const lock = await takeIt(sharedState({ name: "holder", store }), 5_000);
    expect(lock.fence).toBe(2);
    await store.close();
  });
});
