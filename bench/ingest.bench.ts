// What it costs to receive a span: the whole way from a request to a committed row, with the page open, over the sum of its two parts that
// nobody can do without: reading the protobuf, and writing the same rows with the JSON in them. CPU time; in turn within one process.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { decodeSpans } from "../src/server/receiver/decode/spans.ts";
import { otlpReceiver } from "../src/server/receiver/otlp-receiver.ts";
import { Marks } from "../src/server/telemetry-store/marks.ts";
import { TELEMETRY_APPLICATION_ID, TELEMETRY_MIGRATIONS } from "../src/server/telemetry-store/schema.ts";
import { Statements } from "../src/server/telemetry-store/statements.ts";
import { telemetryStore } from "../src/server/telemetry-store/telemetry-store.ts";
import { Ingest } from "../src/server/telemetry-store/write/ingest.ts";
import { openDatabase } from "../src/stores/sqlite/open-database.ts";
import { immediate } from "../src/stores/sqlite/transaction.ts";
import type { TraceSpan } from "../src/telemetry/trace-span.ts";
import { report } from "./claims.ts";
import { median, ratio } from "./harness.ts";
import { copyOf, template } from "./ingest-spans.ts";

const MOST = 1.2;
const ROUNDS = 15;
const WARM_UP_ROUNDS = 4;
/** Four exporters send one request each at a time, of 480 spans: one transaction. */
const AT_A_TIME = 4;
const GROUPS = 8;
const TRACES = 40;
/** How often a page asks again while something changes. */
const POLL_MS = 1_000;

type Write = readonly [sql: string, values: readonly SQLInputValue[]];

/** Notes what is written, so that the same can be written again by itself. */
class NotingStatements extends Statements {
  readonly writes: Write[] = [];

  override get(sql: string): StatementSync {
    const statement = super.get(sql);
    return new Proxy(statement, {
      get: (target, name) => {
        if (name !== "run") return Reflect.get(target, name).bind(target);
        return (...values: SQLInputValue[]) => {
          this.writes.push([sql, values]);
          return target.run(...values);
        };
      },
    });
  }
}

const folder = mkdtempSync(join(tmpdir(), "agent-otel-ingest-"));
const open = (name: string) => {
  const db = openDatabase(join(folder, name), TELEMETRY_MIGRATIONS, TELEMETRY_APPLICATION_ID);
  db.exec("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384");
  return db;
};
const bodies = template(TRACES);
const noting = new NotingStatements(open("noted.db"));
const noted = new Ingest(noting, new Marks(noting));
noted.begin(Date.now());
const bare = new Statements(open("bare.db"));
const store = telemetryStore({ path: join(folder, "whole.db") });
const receive = otlpReceiver(store);

let spent = 0;
async function poll(): Promise<void> {
  const nowMs = Date.now();
  const { rollups, traces, breakers, budgets, memory } = store.sources;
  await rollups.rows({ fromMs: nowMs - 300_000, toMs: nowMs, sliceMs: 10_000 });
  await rollups.rows({ fromMs: nowMs - 86_400_000, toMs: nowMs, sliceMs: 300_000 });
  await traces.search({ fromMs: nowMs - 86_400_000, toMs: nowMs, order: "newest", limit: 50 });
  await Promise.all([breakers.list(), budgets.list(), memory.list()]);
}

function requestOf(body: Uint8Array<ArrayBuffer>): Request {
  const headers = { "content-type": "application/x-protobuf", "content-length": String(body.length) };
  return new Request("http://127.0.0.1:4318/v1/traces", { method: "POST", headers, body });
}

async function whole(group: readonly Request[]): Promise<void> {
  const from = performance.now();
  await Promise.all(
    group.map(async (request) => {
      const response = await receive(request);
      if (response.status !== 200) throw new Error(`answer ${response.status}`);
    }),
  );
  spent += performance.now() - from;
  if (spent < POLL_MS) return;
  spent = 0;
  await poll();
}

interface Batch {
  readonly writes: readonly Write[];
  /** Whose JSON is among what is written. */
  readonly spans: readonly TraceSpan[];
}

function insert({ writes, spans }: Batch): void {
  immediate(bare.db, () => {
    for (const { attributes } of spans) text = JSON.stringify(attributes);
    for (const [sql, values] of writes) bare.get(sql).run(...values);
  });
}
let text = "";

async function cpuNs(work: () => unknown): Promise<number> {
  // What was left behind by making the bodies, and by the case before, is not this one's.
  globalThis.gc?.({ type: "minor" });
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1_000;
}

const parsed: number[] = [];
const inserted: number[] = [];
const all: number[] = [];
const spansARound = GROUPS * AT_A_TIME * bodies.spans;
let number = 1;
for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
  const groups = Array.from({ length: GROUPS }, () =>
    Array.from({ length: AT_A_TIME }, () => copyOf(bodies, number++)),
  );
  const writes = groups.map((group) => {
    noting.writes.length = 0;
    const batches = group.map((body) => decodeSpans(body).batch);
    immediate(noting.db, () => noted.write(batches, Date.now()));
    return { writes: [...noting.writes], spans: batches.flatMap(({ spans = [] }) => spans) };
  });
  const requests = groups.map((group) => group.map(requestOf));
  const cases = {
    parse: () => cpuNs(() => groups.flat().forEach((body) => void decodeSpans(body))),
    insert: () => cpuNs(() => writes.forEach(insert)),
    whole: () =>
      cpuNs(async () => {
        for (const group of requests) await whole(group);
      }),
  };
  const measured = { parse: 0, insert: 0, whole: 0 };
  const names = Object.keys(cases) as (keyof typeof cases)[];
  for (const name of round % 2 === 0 ? names : names.toReversed()) measured[name] = await cases[name]();
  if (round < 0) continue;
  parsed.push(measured.parse / spansARound);
  inserted.push(measured.insert / spansARound);
  all.push(measured.whole / spansARound);
}
if (text === "" || store.spans !== (number - 1) * bodies.spans) throw new Error(`${store.spans} spans`);
store.close();
noting.db.close();
bare.db.close();
rmSync(folder, { recursive: true });

report("ingest: CPU time to receive a span into SQLite, with the page open", [
  {
    claim: "over reading and writing it alone",
    bound: MOST,
    measured: ratio(
      all,
      parsed.map((ns, round) => ns + (inserted[round] ?? Number.NaN)),
    ),
    unit: "×",
  },
  { claim: "reading it alone", measured: median(parsed), unit: "ns" },
  { claim: "writing its rows alone", measured: median(inserted), unit: "ns" },
  { claim: "the whole way", measured: median(all), unit: "ns" },
]);
