import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, it, onTestFinished } from "vitest";
import type { TelemetryStoreOptions } from "../../../src/server/telemetry-store/store-options.ts";
import { type TelemetryStore, telemetryStore } from "../../../src/server/telemetry-store/telemetry-store.ts";
import type { TraceSpan } from "../../../src/telemetry/trace-span.ts";
import { ManualClock } from "../../../src/testing/manual-clock.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const START_MS = Date.UTC(2026, 10, 21, 12);
const DAY_MS = 86_400_000;
const ALWAYS = { fromMs: 0, toMs: START_MS + 400 * DAY_MS };

async function opened(options: TelemetryStoreOptions = {}): Promise<TelemetryStore> {
  const path = options.path ?? join(await temporaryFolder(), "telemetry.db");
  const store = telemetryStore({ clock: new ManualClock(START_MS), groupMs: 0, ...options, path });
  onTestFinished(() => store.close());
  return store;
}

let made = 0;
function span(over: Partial<TraceSpan> = {}): TraceSpan {
  made += 1;
  return {
    traceId: "a".repeat(32),
    spanId: made.toString(16).padStart(16, "0"),
    parentSpanId: undefined,
    name: "chat gpt-4o-mini",
    kind: SpanKind.CLIENT,
    startNs: BigInt(START_MS - 2_000) * 1_000_000n,
    endNs: BigInt(START_MS - 1_000) * 1_000_000n,
    status: { code: SpanStatusCode.UNSET },
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.agent.name": "clerk",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.usage.input_tokens": 1_000,
      "gen_ai.usage.output_tokens": 100,
    },
    events: [],
    resource: { "service.name": "office" },
    scope: "other",
    ...over,
  };
}

async function onlyTrace(store: TelemetryStore) {
  const { items } = await store.sources.traces.search({ ...ALWAYS, order: "newest", limit: 10 });
  expect(items).toHaveLength(1);
  return items[0]!;
}

describe("telemetryStore", () => {
  it("counts a span once, however often it is sent", async () => {
    const store = await opened();
    const spans = [span(), span()];
    for (let i = 0; i < 3; i++) await store.add({ spans });
    expect(store.spans).toBe(2);
    expect(await onlyTrace(store)).toMatchObject({ spans: 2, model_calls: 2, tokens: 2_200 });
    for (const sliceMs of [10_000, 300_000, 3_600_000, 86_400_000] as const) {
      const rows = await store.sources.rollups.rows({ ...ALWAYS, sliceMs });
      expect(rows.map(({ calls }) => calls)).toEqual([2]);
    }
  });

  it("writes many spans at once where nothing else is on the way, and lets few wait", async () => {
    const never = () => () => {};
    const store = await opened({ groupMs: 50, after: never });
    const few = store.add({ spans: [span()] }, true);
    expect(store.spans).toBe(0);
    await store.add({ spans: Array.from({ length: 300 }, () => span()) }, true);
    await few;
    expect(store.spans).toBe(301);
  });

  it("gives a model call without a cost that of the price list, and counts one that it does not know", async () => {
    const store = await opened();
    const unknown = { ...span().attributes, "gen_ai.request.model": "nobody-knows-it" };
    await store.add({ spans: [span(), span({ attributes: unknown })] });
    expect(await onlyTrace(store)).toMatchObject({ cost_usd: 0.00021, unpriced_calls: 1 });
    const trace = await store.sources.traces.get("a".repeat(32));
    expect(trace?.spans.map(({ attributes }) => attributes["gen_ai.usage.cost.source"])).toEqual([
      "local",
      undefined,
    ]);
  });

  it("reads usage of older conventions", async () => {
    const store = await opened();
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.system": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.usage.prompt_tokens": 10,
      "gen_ai.usage.completion_tokens": 5,
    };
    await store.add({ spans: [span({ attributes })] });
    expect(await onlyTrace(store)).toMatchObject({ tokens: 15, unpriced_calls: 0 });
  });

  it("names a trace after its root, which comes last", async () => {
    const store = await opened();
    await store.add({ spans: [span({ parentSpanId: "f".repeat(16) })] });
    const root = span({ name: "invoke_agent boss", startNs: BigInt(START_MS - 9_000) * 1_000_000n });
    await store.add({ spans: [root] });
    expect(await onlyTrace(store)).toMatchObject({
      name: "invoke_agent boss",
      duration_ms: 8_000,
      service: "office",
    });
  });

  it("gives the sums of longer slices before and after they are added up", async () => {
    const clock = new ManualClock(START_MS);
    const store = await opened({ clock });
    const calls = async () =>
      (await store.sources.rollups.rows({ ...ALWAYS, sliceMs: 3_600_000 })).reduce(
        (sum, row) => sum + row.calls,
        0,
      );
    await store.add({ spans: [span()] });
    clock.advance(60_000);
    const late = {
      startNs: BigInt(START_MS + 1_000) * 1_000_000n,
      endNs: BigInt(START_MS + 2_000) * 1_000_000n,
    };
    await store.add({ spans: [span(late)] });
    expect(await calls()).toBe(2);
    store.tidy();
    expect(await calls()).toBe(2);
    await store.add({ spans: [span(late)] });
    expect(await calls()).toBe(3);
    store.tidy();
    expect(await calls()).toBe(3);
  });

  it("lists findings and what breakers did, and pages through them", async () => {
    const store = await opened();
    const events = Array.from({ length: 5 }, (_, i) => [
      {
        name: "agents.failure_mode",
        timeNs: BigInt(START_MS + i) * 1_000_000n,
        attributes: { "agents.failure_mode.name": "loop", "agents.failure_mode.count": i },
      },
      {
        name: "agents.breaker.transition",
        timeNs: BigInt(START_MS + i) * 1_000_000n,
        attributes: {
          "agents.breaker.name": "search",
          "agents.breaker.from": "closed",
          "agents.breaker.to": "open",
        },
      },
    ]).flat();
    await store.add({ spans: [span({ events })] });
    const first = await store.sources.failures.list({ ...ALWAYS, agent: "clerk", mode: "loop", limit: 3 });
    expect(first.items.map(({ evidence }) => evidence["count"])).toEqual([4, 3, 2]);
    const rest = await store.sources.failures.list({ ...ALWAYS, limit: 3, cursor: first.next });
    expect(rest.items.map(({ evidence }) => evidence["count"])).toEqual([1, 0]);
    expect(rest.next).toBeUndefined();
    expect((await store.sources.ledger.list({ limit: 10, breaker: "search" })).items).toHaveLength(5);
    expect(await store.sources.breakers.list()).toMatchObject([
      { name: "search", state: "open", resettable: false },
    ]);
    await expect(store.sources.breakers.reset("search", "me")).rejects.toMatchObject({
      code: "not_reachable",
    });
    expect(await store.sources.breakers.reset("nobody", "me")).toBeUndefined();
  });

  it.each([
    "",
    "x",
    "WzFd",
    Buffer.from('["ledger",1,1]').toString("base64url"),
    Buffer.from('["failures","1 OR 1=1",1]').toString("base64url"),
  ])("refuses the cursor %j", async (cursor) => {
    const store = await opened();
    const list = store.sources.failures.list({ ...ALWAYS, limit: 3, cursor });
    await expect(list).rejects.toMatchObject({ code: "bad_cursor" });
  });

  it("treats each value of a search as a value", async () => {
    const store = await opened();
    await store.add({ spans: [span()] });
    for (const text of ["' OR 1=1 --", '"; DROP TABLE spans; --', "%", "_", "\\"]) {
      const query = { ...ALWAYS, order: "newest", limit: 5 } as const;
      for (const key of ["agent", "model", "tool", "conversation", "text"])
        expect((await store.sources.traces.search({ ...query, [key]: text })).items).toEqual([]);
    }
    expect(store.spans).toBe(1);
  });

  it("keeps a line once, and two equal lines of one request as two", async () => {
    const store = await opened();
    await store.add({ spans: [span()] });
    const log = {
      timeNs: BigInt(START_MS) * 1_000_000n,
      severity: "INFO",
      body: "again",
      eventName: undefined,
      traceId: "a".repeat(32),
      spanId: undefined,
      attributes: {},
      resource: {},
    };
    for (let i = 0; i < 2; i++) await store.add({ logs: [log, log] });
    expect((await store.sources.traces.get("a".repeat(32)))?.logs).toHaveLength(2);
  });

  it("writes a group of requests together, and none of what cannot be written", async () => {
    const store = await opened();
    const broken = span({ startNs: "no" as unknown as bigint });
    const [good, bad] = await Promise.allSettled([
      store.add({ spans: [span()] }),
      store.add({ spans: [broken] }),
    ]);
    expect([good.status, bad.status]).toEqual(["fulfilled", "rejected"]);
    expect(store.spans).toBe(1);
  });

  it("deletes traces that are too old, and keeps their sums", async () => {
    const clock = new ManualClock(START_MS);
    const store = await opened({ clock });
    await store.add({ spans: [span(), span()] });
    clock.advance(8 * DAY_MS);
    await store.add({ spans: [span({ traceId: "b".repeat(32) })] });
    while (store.tidy());
    expect(store.spans).toBe(1);
    expect(await store.sources.traces.get("a".repeat(32))).toBeUndefined();
    const rows = await store.sources.rollups.rows({ ...ALWAYS, sliceMs: 3_600_000 });
    expect(rows.reduce((sum, { calls }) => sum + calls, 0)).toBe(3);
  });

  it("deletes the traces that were added to longest ago, where there are too many spans", async () => {
    const clock = new ManualClock(START_MS);
    const store = await opened({ clock, retention: { maxSpans: 10 } });
    for (let i = 0; i < 20; i++) {
      clock.advance(1_000);
      await store.add({ spans: [span({ traceId: i.toString(16).padStart(32, "c") })] });
    }
    while (store.tidy());
    expect(store.spans).toBe(10);
    expect(await store.sources.traces.get("13".padStart(32, "c"))).toBeDefined();
  });

  it("tells listeners of changes, at most four times a second", async () => {
    const waiting: (() => void)[] = [];
    const store = await opened({
      after: (ms, run) => {
        if (ms === 250) waiting.push(run);
        else if (ms === 0) queueMicrotask(run);
        return () => {};
      },
    });
    let told = 0;
    const end = store.sources.changes(() => {
      told += 1;
    });
    await store.add({ spans: [span()] });
    await store.add({ spans: [span()] });
    expect([told, waiting.length]).toEqual([0, 1]);
    waiting[0]?.();
    expect(told).toBe(1);
    end();
  });

  it("says in one line that another process has the file", async () => {
    const { path } = await opened();
    expect(() => telemetryStore({ path, clock: new ManualClock(START_MS) })).toThrow(
      /^Store ".*" is in use by process \d+ since 2026-.*: stop it, or name another file$/,
    );
  });

  it("takes the file of a process that is gone, and stops the other one where it only slept", async () => {
    const clock = new ManualClock(START_MS);
    const first = await opened({ clock });
    clock.advance(16_000);
    await opened({ clock, path: first.path });
    await expect(first.add({ spans: [span()] })).rejects.toMatchObject({ code: "store_in_use" });
  });

  it.each([
    ["of the shared store", "PRAGMA application_id = 1095717964; PRAGMA user_version = 8", "store_unusable"],
    ["of another program", "CREATE TABLE theirs (id)", "store_unusable"],
    ["of a newer version", "PRAGMA application_id = 1095717972; PRAGMA user_version = 99", "store_too_new"],
  ])("leaves a file %s as it is", async (_, sql, code) => {
    const path = join(await temporaryFolder(), "their.db");
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA user_version = 1; ${sql}`);
    db.close();
    expect(() => telemetryStore({ path })).toThrow(expect.objectContaining({ code }));
  });

  it("leaves a file that is no database as it is", async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, "notes.txt"), "my notes, which are long enough");
    expect(() => telemetryStore({ path: join(folder, "notes.txt") })).toThrow(
      expect.objectContaining({ code: "store_unusable" }),
    );
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
  });

  it.each([{ groupMs: 51 }, { retention: { maxSpans: 0 } }, { retention: { maxAgeMs: 1.5 } }])(
    "refuses options %j",
    (options) => {
      expect(() => telemetryStore({ path: "/nowhere/x.db", ...options })).toThrow(RangeError);
    },
  );
});
