// One of the three cases of ingest.bench.ts, in a process of its own, always with the same bodies.
//
// parse   Reads the protobuf of each request into spans, and drops them.
// insert  Runs the statements that write, with the values that they had: those which the store runs for these bodies, in transactions of the
//         same size, into a database with the same settings. They are the rows of spans, traces, what traces are found by, resources and
//         rollups, as the page needs them. Its own is one text of JSON for each span, as SQLite cannot be given an object. Not in it: what the
//         store does to know these values, and what it reads from the database.
// whole   The fetch handler of the receiver, from a request whose body comes as a socket gives it to the answer after the commit, while a page
//         asks once a second (the real one asks every two).
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
import { copyOf, template } from "./ingest-spans.ts";

/** What this process sends. */
export interface IngestResult {
  /** CPU nanoseconds a span, of all rounds together: the page asks once a second, and not in each of them. */
  readonly ns: number;
  /** Of the case `whole`: how often the page asked. */
  readonly polls: number;
}

const ROUNDS = 16;
const WARM_UP_ROUNDS = 6;
/** Four exporters send one request each at a time, of 480 spans: one transaction. */
const AT_A_TIME = 4;
const GROUPS = 8;
const TRACES = 40;
const SOCKET_BYTES = 65_536;
const URL_OF_TRACES = "http://127.0.0.1:4318/v1/traces";
/** How often a page asks again while something changes. */
const POLL_MS = 1_000;

type Body = Uint8Array<ArrayBuffer>;
type Group = readonly Body[];

interface Case {
  /** What is not measured. @returns What is. */
  prepare(groups: readonly Group[]): () => Promise<void>;
  polls?(): number;
  /** @throws where less was done than was asked for. */
  close(spans: number): void;
}

const folder = mkdtempSync(join(tmpdir(), "agent-otel-ingest-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const bodies = template(TRACES);
const CASES: Readonly<Record<string, () => Case>> = { parse, insert, whole };

function parse(): Case {
  let read = 0;
  return {
    prepare: (groups) => async () => {
      for (const body of groups.flat()) read += decodeSpans(body).batch.spans?.length ?? 0;
    },
    close: (spans) => check(read, spans),
  };
}

type Write = readonly [sql: string, values: readonly SQLInputValue[]];

/** Notes what is written, so that the same can be written again by itself. */
class NotingStatements extends Statements {
  readonly writes: Write[] = [];
  readonly #noting = new Map<string, StatementSync>();

  override get(sql: string): StatementSync {
    const known = this.#noting.get(sql);
    if (known !== undefined) return known;
    const statement = super.get(sql);
    const noting = new Proxy(statement, {
      get: (target, name) => {
        if (name !== "run") return Reflect.get(target, name).bind(target);
        return (...values: SQLInputValue[]) => {
          this.writes.push([sql, values]);
          return target.run(...values);
        };
      },
    });
    this.#noting.set(sql, noting);
    return noting;
  }
}

function insert(): Case {
  const noting = new NotingStatements(opened("noted.db"));
  const ingest = new Ingest(noting, new Marks(noting));
  ingest.begin(Date.now());
  const bare = new Statements(opened("bare.db"));
  let text = "";
  const note = (group: Group) => {
    noting.writes.length = 0;
    const batches = group.map((body) => decodeSpans(body).batch);
    immediate(noting.db, () => ingest.write(batches, Date.now()));
    return { writes: [...noting.writes], spans: batches.flatMap(({ spans = [] }) => spans) };
  };
  const write = (writes: readonly Write[], spans: readonly TraceSpan[]) =>
    immediate(bare.db, () => {
      for (const { attributes } of spans) text = JSON.stringify(attributes);
      for (const [sql, values] of writes) bare.get(sql).run(...values);
    });
  return {
    prepare: (groups) => {
      const noted = groups.map(note);
      return async () => {
        for (const { writes, spans } of noted) write(writes, spans);
      };
    },
    close(spans) {
      if (text === "") throw new Error("no text was made");
      check(Number(bare.db.prepare("SELECT count(*) AS spans FROM spans").get()?.["spans"]), spans);
      noting.db.close();
      bare.db.close();
    },
  };
}

function opened(name: string) {
  const db = openDatabase(join(folder, name), TELEMETRY_MIGRATIONS, TELEMETRY_APPLICATION_ID);
  db.exec("PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384");
  return db;
}

function whole(): Case {
  const store = telemetryStore({ path: join(folder, "whole.db") });
  const receive = otlpReceiver(store);
  let polls = 0;
  let polledMs = performance.now();
  const poll = async (): Promise<void> => {
    if (performance.now() - polledMs < POLL_MS) return;
    polledMs = performance.now();
    polls += 1;
    const nowMs = Date.now();
    const { rollups, traces, breakers, budgets, memory } = store.sources;
    await rollups.rows({ fromMs: nowMs - 300_000, toMs: nowMs, sliceMs: 10_000 });
    await rollups.rows({ fromMs: nowMs - 86_400_000, toMs: nowMs, sliceMs: 300_000 });
    await traces.search({ fromMs: nowMs - 86_400_000, toMs: nowMs, order: "newest", limit: 50 });
    await Promise.all([breakers.list(), budgets.list(), memory.list()]);
  };
  const send = async (request: Request): Promise<void> => {
    const response = await receive(request);
    if (response.status !== 200) throw new Error(`answer ${response.status}`);
  };
  return {
    prepare: (groups) => {
      const requests = groups.map((group) => group.map(requestOf));
      return async () => {
        for (const group of requests) {
          await Promise.all(group.map(send));
          await poll();
        }
      };
    },
    polls: () => polls,
    close(spans) {
      check(store.spans, spans);
      store.close();
    },
  };
}

/** As a server has it before it: pieces of what a socket reads at a time. */
function requestOf(body: Body): Request {
  let at = 0;
  const pieces = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        controller.enqueue(body.subarray(at, at + SOCKET_BYTES));
        at += SOCKET_BYTES;
        if (at >= body.length) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const headers = { "content-type": "application/x-protobuf", "content-length": String(body.length) };
  return new Request(URL_OF_TRACES, { method: "POST", headers, body: pieces, duplex: "half" });
}

function check(spans: number, expected: number): void {
  if (spans !== expected) throw new Error(`${spans} spans instead of ${expected}`);
}

async function cpuNs(work: () => Promise<void>): Promise<number> {
  // What was left behind by preparing it is not this case's.
  globalThis.gc?.({ type: "minor" });
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1_000;
}

const name = process.argv[2] ?? "";
const measured = CASES[name]?.();
if (measured === undefined) throw new RangeError(`no such case: ${name}`);
let made = 0;
let ns = 0;
for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
  const groups = Array.from({ length: GROUPS }, () =>
    Array.from({ length: AT_A_TIME }, () => copyOf(bodies, ++made)),
  );
  const spent = await cpuNs(measured.prepare(groups));
  if (round >= 0) ns += spent;
}
const spans = ROUNDS * GROUPS * AT_A_TIME * bodies.spans;
const result: IngestResult = { ns: ns / spans, polls: measured.polls?.() ?? 0 };
measured.close(made * bodies.spans);
if (process.send === undefined) console.log(name, result);
process.send?.(result);
process.disconnect?.();
