// How long each question takes that the page asks, with a million spans in the database.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { systemClock } from "../src/internal/clock.ts";
import type { TraceQuery } from "../src/server/sources/sources.ts";
import { telemetryStore } from "../src/server/telemetry-store/telemetry-store.ts";
import { type Claim, report } from "./claims.ts";
import { median } from "./harness.ts";
import { fill } from "./pages-spans.ts";

const MOST_MS = 100;
const SPANS = 1_000_000;
const TIMES = 9;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const folder = mkdtempSync(join(tmpdir(), "agent-otel-pages-"));
const path = join(folder, "telemetry.db");
// While it is filled it is written to as if a week went by.
let nowMs = Date.now() - 7 * DAY_MS;
const past = { ...systemClock, now: () => nowMs };
const filling = telemetryStore({ path, clock: past, groupMs: 0 });
const sample = await fill(filling, SPANS, 7 * DAY_MS, (ms) => {
  nowMs = ms;
});
filling.tidy();
filling.close();
const longRows = fillMonth();
const store = telemetryStore({ path });
if (store.spans !== SPANS) throw new Error(`${store.spans} spans`);
store.tidy();

const { rollups, traces, failures, breakers, ledger, budgets, memory } = store.sources;
const toMs = Date.now() + 1_000;
const week: TraceQuery = { fromMs: toMs - 8 * DAY_MS, toMs, order: "newest", limit: 50 };
const questions: Readonly<Record<string, () => Promise<unknown>>> = {
  "health: the last five minutes": () => rollups.rows({ fromMs: toMs - 300_000, toMs, sliceMs: 10_000 }),
  "a day's calls in slices of five minutes": () =>
    rollups.rows({ fromMs: toMs - DAY_MS, toMs, sliceMs: 300_000 }),
  "a week's calls in slices of an hour": () =>
    rollups.rows({ fromMs: toMs - 7 * DAY_MS, toMs, sliceMs: HOUR_MS }),
  "a month's calls in slices of a day": () =>
    rollups.rows({ fromMs: toMs - 31 * DAY_MS, toMs, sliceMs: DAY_MS }),
  "the newest traces": () => traces.search(week),
  "the slowest traces": () => traces.search({ ...week, order: "slowest" }),
  "the dearest traces": () => traces.search({ ...week, order: "dearest" }),
  "the slowest of the last hour": () => traces.search({ ...week, fromMs: toMs - HOUR_MS, order: "slowest" }),
  "traces of an agent": () => traces.search({ ...week, agent: sample.agent }),
  "traces of an agent and a model, the dearest": () =>
    traces.search({ ...week, agent: sample.agent, model: sample.model, order: "dearest" }),
  "traces of a tool, the slowest": () => traces.search({ ...week, tool: sample.tool, order: "slowest" }),
  "traces of an agent that was seldom called": () => traces.search({ ...week, agent: sample.rareAgent }),
  "traces of a conversation": () => traces.search({ ...week, conversation: sample.conversation }),
  "failed traces": () => traces.search({ ...week, failed: true }),
  "failed traces of an agent, the slowest": () =>
    traces.search({ ...week, failed: true, agent: sample.agent, order: "slowest" }),
  "traces with findings": () => traces.search({ ...week, findings: true }),
  "traces that cost more than any": () => traces.search({ ...week, minCostUsd: 1_000 }),
  "traces that took more than most": () => traces.search({ ...week, minDurationMs: 29_900 }),
  "traces by a part of a span's name": () => traces.search({ ...week, text: "SEARCH" }),
  "traces by a text that nothing has": () => traces.search({ ...week, text: "no such thing" }),
  "traces by the beginning of an id": () => traces.search({ ...week, text: sample.traceId.slice(0, 6) }),
  "an agent and a model that never met": () =>
    traces.search({ ...week, agent: sample.rareAgent, model: sample.otherModel }),
  "a page far down the list": () => traces.search({ ...week, ...(cursor !== undefined && { cursor }) }),
  "one trace": () => traces.get(sample.traceId),
  findings: () => failures.list({ ...week, limit: 50 }),
  "findings of an agent and a mode": () =>
    failures.list({ ...week, agent: sample.agent, mode: "loop", limit: 50 }),
  "the ledger": () => ledger.list({ limit: 50 }),
  "the ledger of a breaker": () => ledger.list({ limit: 50, breaker: "search", kind: "transition" }),
  "breakers, budgets and memories": () => Promise.all([breakers.list(), budgets.list(), memory.list()]),
};
let cursor: string | undefined;
for (let page = 0; page < 100; page++)
  cursor = (await traces.search({ ...week, limit: 500, ...(cursor !== undefined && { cursor }) })).next;

/** What the week has stands for the weeks before it, so that the month is full. @returns How many rows of hours and days there are. */
function fillMonth(): number {
  const db = new DatabaseSync(path);
  const copy =
    db.prepare(`INSERT OR IGNORE INTO rollups SELECT slice, start_ms - ?, key, sums, durations FROM rollups
    WHERE slice >= ${HOUR_MS} AND start_ms > ?`);
  const weekAgoMs = Date.now() - 7 * DAY_MS;
  for (let weeks = 1; weeks <= 4; weeks++) copy.run(weeks * 7 * DAY_MS, weekAgoMs);
  const rows = Number(db.prepare(`SELECT count(*) AS n FROM rollups WHERE slice >= ${HOUR_MS}`).get()?.["n"]);
  db.close();
  return rows;
}

const claims: Claim[] = [];
for (const [claim, ask] of Object.entries(questions)) {
  const times: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const from = performance.now();
    await ask();
    times.push(performance.now() - from);
  }
  const first = (times[0] ?? Number.NaN).toFixed(1);
  const note = `median ${median(times).toFixed(1)} ms, the first time ${first} ms`;
  claims.push({ claim, bound: MOST_MS, measured: median(times), unit: "ms", note });
}
store.close();
rmSync(folder, { recursive: true });
const [spans, rows] = [SPANS, longRows].map((count) => count.toLocaleString("en-US"));
report(`pages: milliseconds of each question, at ${spans} spans and ${rows} rows of hours and days`, claims);
