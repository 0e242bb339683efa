import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, it, onTestFinished } from "vitest";
import type { TelemetryStoreOptions } from "../../../src/server/telemetry-store/store-options.ts";
import type { MetricPoint } from "../../../src/server/telemetry-store/telemetry-batch.ts";
import { type TelemetryStore, telemetryStore } from "../../../src/server/telemetry-store/telemetry-store.ts";
import type { TraceSpan } from "../../../src/telemetry/trace-span.ts";
import { ManualClock } from "../../../src/testing/manual-clock.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const NOW_MS = Date.UTC(2026, 10, 21, 12);
const MINUTE_MS = 60_000;
const UNTIL_NOW = { fromMs: NOW_MS - 86_400_000, toMs: NOW_MS + 1 };

async function opened(options: TelemetryStoreOptions = {}): Promise<TelemetryStore> {
  const path = options.path ?? join(await temporaryFolder(), "telemetry.db");
  const store = telemetryStore({ clock: new ManualClock(NOW_MS), groupMs: 0, ...options, path });
  onTestFinished(() => store.close());
  return store;
}

let made = 0;
function span(startMs: number, durationMs: number | undefined, over: Partial<TraceSpan> = {}): TraceSpan {
  made += 1;
  return {
    traceId: made.toString(16).padStart(32, "a"),
    spanId: made.toString(16).padStart(16, "0"),
    parentSpanId: undefined,
    name: "invoke_agent clerk",
    kind: SpanKind.INTERNAL,
    startNs: BigInt(startMs) * 1_000_000n,
    endNs: durationMs === undefined ? undefined : BigInt(startMs + durationMs) * 1_000_000n,
    status: { code: SpanStatusCode.UNSET },
    attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "clerk" },
    events: [],
    resource: {},
    scope: "other",
    ...over,
  };
}

function state(breaker: string, name: string, timeMs: number, process = "1"): MetricPoint {
  return {
    name: "agents.breaker.state",
    kind: "gauge",
    delta: false,
    attributes: { "agents.breaker.name": breaker, "agents.breaker.state.name": name },
    resource: { process },
    timeMs,
    value: 1,
    count: 1,
  };
}

async function calls(store: TelemetryStore): Promise<number> {
  const rows = await store.sources.rollups.rows({ ...UNTIL_NOW, sliceMs: 10_000 });
  return rows.reduce((sum, row) => sum + row.calls, 0);
}

async function traces(store: TelemetryStore, query: object = {}) {
  const { items } = await store.sources.traces.search({ ...UNTIL_NOW, order: "newest", limit: 50, ...query });
  return items;
}

describe("a sender whose clock is ahead", () => {
  it("is seen now, in sums and in lists", async () => {
    const store = await opened();
    const events = [
      {
        name: "agents.failure_mode",
        timeNs: BigInt(NOW_MS + 10 * MINUTE_MS) * 1_000_000n,
        attributes: { "agents.failure_mode.name": "loop" },
      },
    ];
    await store.add({ spans: [span(NOW_MS + 10 * MINUTE_MS, 2_000, { events })] });
    expect(await calls(store)).toBe(1);
    expect(await traces(store)).toMatchObject([
      { start: new Date(NOW_MS - 2_000).toISOString(), duration_ms: 2_000 },
    ]);
    expect((await store.sources.failures.list({ ...UNTIL_NOW, limit: 5 })).items).toHaveLength(1);
  });

  it("does not hide what others report of the same breaker", async () => {
    const clock = new ManualClock(NOW_MS);
    const store = await opened({ clock });
    await store.add({ points: [state("search", "closed", NOW_MS + 10 * MINUTE_MS, "ahead")] });
    clock.advance(1_000);
    await store.add({ points: [state("search", "open", NOW_MS - 10 * MINUTE_MS, "behind")] });
    expect(await store.sources.breakers.list()).toMatchObject([{ name: "search", state: "open" }]);
  });

  it("is listened to when its clock is put right", async () => {
    const store = await opened();
    await store.add({ points: [{ ...state("search", "open", NOW_MS + 10 * MINUTE_MS), value: 1 }] });
    await store.add({ points: [{ ...state("search", "open", NOW_MS), value: 0 }] });
    expect(await store.sources.breakers.list()).toEqual([]);
  });
});

describe("a point that is sent again", () => {
  it("counts once, also where the clock is ahead", async () => {
    const clock = new ManualClock(NOW_MS);
    const store = await opened({ clock });
    const point: MetricPoint = {
      ...state("search", "open", NOW_MS + 10 * MINUTE_MS),
      name: "agents.breaker.rejections",
      kind: "sum",
      delta: true,
      value: 3,
    };
    for (let i = 0; i < 3; i++) {
      clock.advance(1_000);
      await store.add({ points: [point] });
    }
    const metric = store.sources.metrics().find(({ name }) => name === "agents.breaker.rejections");
    expect(metric?.points).toMatchObject([{ value: 3 }]);
  });
});

describe("a breaker whose process has ended", () => {
  it("is listed for ten minutes more", async () => {
    const clock = new ManualClock(NOW_MS);
    const store = await opened({ clock });
    await store.add({ points: [state("search", "open", NOW_MS)] });
    clock.advance(10 * MINUTE_MS);
    expect(await store.sources.breakers.list()).toHaveLength(1);
    clock.advance(1);
    expect(await store.sources.breakers.list()).toEqual([]);
  });
});

describe("a span that is sent before it has ended", () => {
  it("counts once, when it is sent with its end", async () => {
    const store = await opened();
    const finished = span(NOW_MS - 5_000, 3_000, { status: { code: SpanStatusCode.ERROR } });
    const unfinished = { ...finished, endNs: undefined, status: { code: SpanStatusCode.UNSET } };
    await store.add({ spans: [unfinished] });
    expect(await calls(store)).toBe(0);
    for (const sent of [finished, finished, unfinished]) await store.add({ spans: [sent] });
    expect([await calls(store), store.spans]).toEqual([1, 1]);
    expect(await traces(store)).toMatchObject([
      { spans: 1, errors: 1, duration_ms: 3_000, agents: ["clerk"] },
    ]);
    const trace = await store.sources.traces.get(finished.traceId);
    expect(trace?.spans[0]?.endNs).toBe(finished.endNs);
  });
});

describe("a search", () => {
  it("finds only those without an error, or without a finding, where it says so", async () => {
    const store = await opened();
    const failed = span(NOW_MS - 1_000, 10, { status: { code: SpanStatusCode.ERROR } });
    const well = span(NOW_MS - 1_000, 10);
    await store.add({ spans: [failed, well] });
    const ids = async (query: object) => (await traces(store, query)).map(({ trace_id }) => trace_id);
    expect(await ids({ failed: false })).toEqual([well.traceId]);
    expect(await ids({ failed: true })).toEqual([failed.traceId]);
    expect(await ids({ findings: true })).toEqual([]);
    expect(await ids({ findings: false })).toHaveLength(2);
  });
});

describe("a trace of which a part was deleted", () => {
  it("has no more spans after a restart than are there", async () => {
    const clock = new ManualClock(NOW_MS);
    const options = { clock, retention: { maxSpans: 700 } };
    const store = await opened(options);
    const { traceId } = span(NOW_MS, 1);
    await store.add({ spans: Array.from({ length: 1_000 }, () => span(NOW_MS, 1, { traceId })) });
    clock.advance(1_000);
    await store.add({ spans: [span(NOW_MS, 1)] });
    while (store.tidy());
    const { spans, path } = store;
    store.close();
    const again = await opened({ ...options, path });
    expect(again.spans).toBe(spans);
    const db = new DatabaseSync(path);
    onTestFinished(() => db.close());
    expect(db.prepare("SELECT count(*) AS n FROM spans").get()).toEqual({ n: spans });
  });
});

describe("times that are too late", () => {
  it("do not keep a trace from being read", async () => {
    const store = await opened();
    const one = span(NOW_MS, 10);
    const log = {
      timeNs: BigInt(Number.MAX_SAFE_INTEGER) * 1_000n,
      severity: "",
      body: "late",
      eventName: undefined,
      traceId: one.traceId,
      spanId: undefined,
      attributes: {},
      resource: {},
    };
    const latest = BigInt(Number.MAX_SAFE_INTEGER) * 1_000n;
    const far = span(NOW_MS, 10, { traceId: one.traceId, startNs: latest, endNs: latest });
    for (let i = 0; i < 2; i++) await store.add({ spans: [one, far], logs: [log] });
    const trace = await store.sources.traces.get(one.traceId);
    expect(trace?.spans).toHaveLength(2);
    expect(trace?.logs).toMatchObject([{ time: new Date(NOW_MS).toISOString() }]);
  });
});

describe.runIf(process.platform === "linux")(
  "a process that ended, and whose parent has not asked for it",
  () => {
    it("has no lease any more", async () => {
      const path = join(await temporaryFolder(), "telemetry.db");
      telemetryStore({ path }).close();
      // The shell becomes a program that waits for nobody: its child stays as a zombie.
      const parent = spawn("sh", ["-c", "sleep 0.05 & echo $!; exec sleep 60"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      onTestFinished(() => void parent.kill("SIGKILL"));
      const [text] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(String(text).trim());
      await expect.poll(() => readFileSync(`/proc/${pid}/stat`, "latin1")).toContain(") Z ");
      const db = new DatabaseSync(path);
      db.prepare("INSERT OR REPLACE INTO lease VALUES (1, 'gone', ?, ?, ?, ?)").run(
        pid,
        hostname(),
        Date.now(),
        Date.now(),
      );
      db.close();
      const store = telemetryStore({ path });
      onTestFinished(() => store.close());
      expect(store.path).toBe(path);
    });
  },
);
