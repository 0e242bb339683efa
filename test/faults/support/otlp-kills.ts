// Kills processes that receive spans, at random moments, and counts in the end what is left of what they had promised.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { addRecord, addRow, emptyRow, keyOfRecord, keyText } from "../../../src/health/rollup/fold-record.ts";
import { type RollupRow, SLICES_MS } from "../../../src/health/rollup/rollup-row.ts";
import { type TelemetryStore, telemetryStore } from "../../../src/server/telemetry-store/telemetry-store.ts";
import { callOfSpan } from "../../../src/server/telemetry-store/write/call-of-span.ts";

const PROGRAM = fileURLToPath(new URL("../programs/otlp-ingester.ts", import.meta.url));
const KILLS_PER_DATABASE = 20;

export interface OtlpKills {
  readonly kills: number;
  readonly acked: number;
  readonly spans: number;
  /** Acknowledged and not there. */
  readonly lost: number;
  /** Rollup rows and summaries of traces that do not say what a recount of the spans says. */
  readonly wrong: number;
}

export async function killIngesters(kills: number, kind: string): Promise<OtlpKills> {
  let total: OtlpKills = { kills: 0, acked: 0, spans: 0, lost: 0, wrong: 0 };
  while (total.kills < kills) {
    const one = await killOnOneDatabase(Math.min(KILLS_PER_DATABASE, kills - total.kills), kind);
    total = {
      kills: total.kills + one.kills,
      acked: total.acked + one.acked,
      spans: total.spans + one.spans,
      lost: total.lost + one.lost,
      wrong: total.wrong + one.wrong,
    };
  }
  return total;
}

async function killOnOneDatabase(kills: number, kind: string): Promise<OtlpKills> {
  const folder = mkdtempSync(join(tmpdir(), "agent-otel-otlp-kills-"));
  const path = join(folder, "telemetry.db");
  const acks = join(folder, "acks");
  try {
    for (let i = 0; i < kills; i++) await killOne([path, acks, kind], i % 4 === 0);
    return { kills, ...(await count(path, acks)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param early While it opens the database, which may be making it. */
async function killOne(args: readonly string[], early: boolean): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const word = early ? "loaded" : "acknowledged";
  const heard = new Promise<void>((resolve) => {
    child.stdout.on("data", (said: Buffer) => {
      if (said.includes(word)) resolve();
    });
  });
  await Promise.race([heard, ended]);
  await sleep(Math.random() * (early ? 20 : 100));
  child.kill("SIGKILL");
  await ended;
}

async function count(path: string, acks: string): Promise<Omit<OtlpKills, "kills">> {
  const acked = readFileSync(acks, "utf8").trim().split("\n");
  const store = telemetryStore({ path });
  const traceIds = traceIdsOf(path);
  const there = new Set<string>();
  const recounted = SLICES_MS.map(() => new Map<string, RollupRow>());
  let wrong = 0;
  for (const traceId of traceIds) {
    const trace = await store.sources.traces.get(traceId);
    if (trace === undefined) continue;
    let tokens = 0;
    for (const span of trace.spans) {
      there.add(`${traceId} ${span.spanId}`);
      const { record } = callOfSpan(span, Number(span.startNs / 1_000n));
      if (record === undefined) continue;
      tokens += (record.inputTokens ?? 0) + (record.outputTokens ?? 0);
      const key = keyOfRecord(record);
      for (const [i, slice] of SLICES_MS.entries()) {
        const startMs = Math.floor(Number((span.endNs ?? 0n) / 1_000_000n) / slice) * slice;
        const place = `${startMs} ${keyText(key)}`;
        const row = recounted[i]?.get(place) ?? emptyRow(startMs, key);
        addRecord(row, record);
        recounted[i]?.set(place, row);
      }
    }
    if (trace.row.tokens !== tokens || trace.row.spans !== trace.spans.length) wrong += 1;
  }
  for (const [i, slice] of SLICES_MS.entries()) wrong += await differing(store, slice, recounted[i]);
  store.close();
  const lost = acked.filter((line) => line.length === 49 && !there.has(line)).length;
  return { acked: acked.length, spans: there.size, lost, wrong };
}

function traceIdsOf(path: string): readonly string[] {
  const db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare("SELECT trace_id FROM traces").all();
  db.close();
  return rows.map((row) => String(row["trace_id"]));
}

async function differing(
  store: TelemetryStore,
  sliceMs: (typeof SLICES_MS)[number],
  recounted: ReadonlyMap<string, RollupRow> = new Map(),
): Promise<number> {
  const kept = new Map<string, RollupRow>();
  const range = { fromMs: Date.now() - 86_400_000, toMs: Date.now() + 86_400_000, sliceMs };
  for (const row of await store.sources.rollups.rows(range)) {
    const place = `${row.startMs} ${keyText(row)}`;
    const sum = kept.get(place) ?? emptyRow(row.startMs, row);
    addRow(sum, row);
    kept.set(place, sum);
  }
  const places = new Set([...kept.keys(), ...recounted.keys()]);
  return [...places].filter((place) => shown(kept.get(place)) !== shown(recounted.get(place))).length;
}

/** Sums of floating point numbers depend on their order, in the last digits. */
function shown(row: RollupRow | undefined): string {
  if (row === undefined) return "";
  const { calls, inputTokens, outputTokens, costNanoUsd, durations } = row;
  return JSON.stringify([
    calls,
    inputTokens,
    outputTokens,
    costNanoUsd,
    durations.count,
    durations.sumMs.toFixed(3),
  ]);
}
