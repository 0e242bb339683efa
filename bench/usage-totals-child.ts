// A day of finished calls through usage totals into SQLite, in a process of its own: memory over the same calls without anybody who
// counts them, CPU time of each, and how long the totals of a month take then.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { UsageTotals } from "../src/spend/usage-totals.ts";
import { sqliteStore } from "../src/stores/sqlite/sqlite-store.ts";
import type { CallRecord } from "../src/telemetry/call-record.ts";
import { median } from "./harness.ts";

export interface UsageTotalsResult {
  readonly rssMiB: number;
  /** At its peak. */
  readonly heapMiB: number;
  /** After a collection. */
  readonly keptMiB: number;
  readonly nsPerRecord: number;
  /** With what is loaded for it. */
  readonly firstMs: number;
  readonly medianMs: number;
  readonly slowestMs: number;
  /** Of the whole store at the end. */
  readonly storedCalls: number;
}

const RECORDS = 1_000_000;
/** On the days before: enough for each combination that there is. */
const RECORDS_A_DAY_BEFORE = 20_000;
const DAYS = 30;
const DAY_MS = 86_400_000;
/** Between two turns of the event loop. */
const BURST = 500;
const READS = 50;
const MIB = 2 ** 20;

const AGENTS = Array.from({ length: 20 }, (_, i) => `agent-${i}`);
const MODELS = [
  ["openai", "gpt-4o"],
  ["openai", "gpt-4o-mini"],
  ["anthropic", "claude-sonnet-4-5"],
  ["anthropic", "claude-haiku-4-5"],
  ["gcp.gemini", "gemini-2.5-pro"],
] as const;
const CALLS_A_CONVERSATION = 20;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const directory = mkdtempSync(join(tmpdir(), "agent-otel-bench-"));
const store = sqliteStore(join(directory, "usage.db"));
let nowMs = Date.UTC(2026, 10, 30, 12) - (DAYS - 1) * DAY_MS;
const clock = { now: () => nowMs, monotonic: () => performance.now() };
const totals = new UsageTotals({ store, clock, calls: { subscribe: () => () => {} } });

// The same calls that nobody counts: what making them takes, and what garbage.
let seen = 0;
const without = await feed(RECORDS, DAYS, (record) => {
  seen += record.inputTokens ?? 1;
});
for (let day = 1; day < DAYS; day++, nowMs += DAY_MS) await feed(RECORDS_A_DAY_BEFORE, day);
await totals.flush();
const withThem = await feed(RECORDS, DAYS);
await totals.flush();
collect();
const heapAfter = process.memoryUsage().heapUsed;

const times: number[] = [];
for (let i = 0; i < READS; i++) {
  const startedMs = performance.now();
  const found = await totals.totals({ period: "monthly", by: "agent" });
  times.push(performance.now() - startedMs);
  if (found.length !== AGENTS.length) throw new Error(`there are ${found.length} agents`);
}
const models = await totals.totals({ period: "monthly", by: "model" });

const result: UsageTotalsResult = {
  rssMiB: (withThem.peakRss - without.peakRss) / MIB,
  heapMiB: (withThem.peakHeap - without.peakHeap) / MIB,
  keptMiB: (heapAfter - without.idleHeap) / MIB,
  nsPerRecord: (withThem.cpuUs - without.cpuUs) / (RECORDS / 1_000),
  firstMs: times[0]!,
  medianMs: median(times),
  slowestMs: Math.max(...times.slice(1)),
  storedCalls: models.reduce((sum, { calls }) => sum + calls, 0),
};
await totals.close();
await store.close();
rmSync(directory, { recursive: true });
if (process.send === undefined) console.log(result, seen > 0);
process.send?.(result);
process.disconnect?.();

/** Makes records as calls do, one after the other, and has the event loop turn in between. */
async function feed(count: number, day: number, take = (record: CallRecord) => totals.record(record)) {
  collect();
  const idleHeap = process.memoryUsage().heapUsed;
  let [peakRss, peakHeap] = [0, 0];
  const cpu = process.cpuUsage();
  for (let i = 0; i < count; i++) {
    take(recordOf(i, day));
    if (i % BURST !== 0) continue;
    const { rss, heapUsed } = process.memoryUsage();
    [peakRss, peakHeap] = [Math.max(peakRss, rss), Math.max(peakHeap, heapUsed)];
    await turn();
  }
  const { user, system } = process.cpuUsage(cpu);
  return { idleHeap, peakRss, peakHeap, cpuUs: user + system };
}

/** Of ten: seven model calls, two tool calls and the run of an agent. */
function recordOf(i: number, day: number): CallRecord {
  const agent = AGENTS[(i * 7 + (i >> 4)) % AGENTS.length]!;
  const [provider, model] = MODELS[(i * 3 + (i >> 6)) % MODELS.length]!;
  const kind = i % 10;
  const onModel = kind < 7;
  const inputTokens = 400 + ((i * 37) % 3_000);
  const outputTokens = 50 + ((i * 13) % 700);
  const spent = { calls: 4, tokens: 9_000, costNanoUsd: 21_000_000 };
  return {
    operation: onModel ? "chat" : kind < 9 ? "execute_tool" : "invoke_agent",
    agent,
    callerType: "agent",
    caller: AGENTS[i % 5],
    workflow: undefined,
    tool: onModel ? undefined : "search",
    conversation: `conversation-${day}-${Math.floor(i / CALLS_A_CONVERSATION)}`,
    provider: onModel ? provider : undefined,
    requestModel: onModel ? model : undefined,
    responseModel: onModel ? model : undefined,
    inputTokens: onModel ? inputTokens : undefined,
    outputTokens: onModel ? outputTokens : undefined,
    cacheReadTokens: onModel ? inputTokens >> 1 : undefined,
    cacheWriteTokens: undefined,
    reasoningTokens: undefined,
    costNanoUsd: onModel ? inputTokens * 2_500 + outputTokens * 10_000 : undefined,
    costSource: onModel ? "local" : undefined,
    startMs: nowMs,
    durationMs: 800,
    timeToFirstChunk: undefined,
    chunkGaps: undefined,
    errorType: i % 50 === 0 ? "TimeoutError" : undefined,
    traceId: undefined,
    spanId: undefined,
    own: kind === 9 ? spent : undefined,
    subtree: kind === 9 ? spent : undefined,
    ownToolCalls: undefined,
  };
}
