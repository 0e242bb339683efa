// What a recall of 20 of very many entries costs, against scoring and sorting all of them as the pattern has it; and what it costs to add
// one more where there are as many as may be. Claim: a tenth at most with 100,000 entries, with the same result.
// Run: node bench/decaying-memory.bench.ts
import { decayingMemory, type MemoryType } from "../src/memory/decaying-memory.ts";
import { MetricSources } from "../src/telemetry/metric-sources.ts";
import { ManualClock } from "../src/testing/manual-clock.ts";
import { type Claim, report } from "./claims.ts";
import { measureRounds, median, type Rounds } from "./harness.ts";

const TYPES: readonly MemoryType[] = ["fact", "instruction", "result", "conversation", "decision"];
const RATES: Readonly<Record<MemoryType, number>> = {
  fact: 0.01,
  instruction: 0.005,
  result: 0.1,
  conversation: 0.05,
  decision: 0.02,
};
const HOUR_MS = 3_600_000;
/** Between two recalls. */
const STEP_MS = 10_000;
/** Calls at one look at the clock: one alone would be too short for it. */
const RECALLS = 512;
const ADDS = 1_024;
const theirs = (entries: number): number => (entries > 10_000 ? 1 : 64);
/** Over which the entries were added. */
const SPANS = [
  ["over 30 days", 30 * 24 * HOUR_MS],
  ["within a minute", 60_000],
] as const;

interface Entry {
  readonly id: number;
  readonly type: MemoryType;
  readonly importance: number;
  readonly createdMs: number;
  accessedMs: number;
  count: number;
}

/** What both are driven by. */
interface Driven {
  advance(ms: number): void;
  add(type: MemoryType, importance: number): void;
  /** @returns Ids. */
  recall(): readonly number[];
}

/** The pattern as it stands: score all, sort, take the first 20, and beyond capacity keep the first so many. */
class ScoreAll implements Driven {
  #entries: Entry[] = [];
  #nowMs = 0;
  #nextId = 1;
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  add(type: MemoryType, importance: number): void {
    const nowMs = this.#nowMs;
    this.#entries.push({ id: this.#nextId, type, importance, createdMs: nowMs, accessedMs: nowMs, count: 0 });
    this.#nextId += 1;
    if (this.#entries.length > this.#max)
      this.#entries = this.#sorted()
        .slice(0, this.#max)
        .map(({ entry }) => entry);
  }

  recall(): readonly number[] {
    const found = this.#sorted().slice(0, 20);
    for (const { entry } of found) {
      entry.accessedMs = this.#nowMs;
      entry.count += 1;
    }
    return found.map(({ entry }) => entry.id);
  }

  #sorted() {
    return this.#entries
      .map((entry) => ({ entry, score: this.#score(entry) }))
      .sort((a, b) => b.score - a.score || b.entry.id - a.entry.id);
  }

  #score({ type, importance, createdMs, accessedMs, count }: Entry): number {
    const time = Math.exp(-RATES[type] * ((this.#nowMs - createdMs) / HOUR_MS));
    const recency = Math.exp(-0.1 * ((this.#nowMs - accessedMs) / HOUR_MS));
    const score = importance * 0.4 + time * 0.3 + recency * 0.2 + (Math.log(1 + count) / 5) * 0.1;
    return Math.min(1, Math.max(0, score));
  }
}

function driven(maxEntries: number): Driven {
  const clock = new ManualClock();
  const memory = decayingMemory({ maxEntries, evictionThreshold: 0, clock, metrics: new MetricSources() });
  return {
    advance: (ms) => clock.advance(ms),
    add: (type, importance) => void memory.add("an entry", type, { importance }),
    recall: () => memory.recall().map(({ id }) => id),
  };
}

/** The same for both, in no order that would suit one of them. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

function fill(memory: Driven, entries: number, spanMs: number): void {
  const next = random(7);
  for (let i = 0; i < entries; i++) {
    memory.add(TYPES[Math.floor(next() * 5)]!, next());
    memory.advance(Math.floor((i + 1) * (spanMs / entries)) - Math.floor(i * (spanMs / entries)));
  }
}

function checkSame(a: Driven, b: Driven): void {
  for (let i = 0; i < 50; i++) {
    const [one, other] = [a.recall(), b.recall()];
    if (one.join() !== other.join()) throw new Error(`recall ${i}: ${one.join()} is not ${other.join()}`);
    a.advance(STEP_MS);
    b.advance(STEP_MS);
  }
}

async function measured(entries: number, what: (memory: Driven) => void, ourCalls: number, spanMs: number) {
  const [mine, other] = [driven(entries), new ScoreAll(entries)];
  const calls = theirs(entries);
  fill(mine, entries, spanMs);
  fill(other, entries, spanMs);
  checkSame(mine, other);
  const done = Promise.resolve();
  const rounds = await measureRounds(
    {
      ours: () => {
        for (let i = 0; i < ourCalls; i++) what(mine);
        return done;
      },
      theirs: () => {
        for (let i = 0; i < calls; i++) what(other);
        return done;
      },
    },
    { rounds: 7, batch: 1 },
  );
  const ns = (of: Rounds, per: number) => median(of) / per;
  return {
    ratio: median(rounds.ours.map((each, i) => each / ourCalls / (rounds.theirs[i]! / calls))),
    note: `${micros(ns(rounds.ours, ourCalls))} µs, all scored and sorted ${micros(ns(rounds.theirs, calls))} µs`,
  };
}

function micros(ns: number): string {
  return Number((ns / 1_000).toPrecision(3)).toLocaleString("en-US");
}

const recall = (memory: Driven): void => {
  memory.recall();
  memory.advance(STEP_MS);
};
const next = random(11);
const add = (memory: Driven): void => {
  memory.add(TYPES[Math.floor(next() * 5)]!, next());
  memory.advance(STEP_MS);
};

const claims: Claim[] = [];
for (const [span, spanMs] of SPANS)
  for (const entries of [1_000, 100_000]) {
    const { ratio, note } = await measured(entries, recall, RECALLS, spanMs);
    claims.push({
      claim: `recall of 20 of ${entries.toLocaleString("en-US")}, added ${span}`,
      ...(entries === 100_000 ? { bound: 0.1 } : {}),
      ...{ measured: ratio, unit: "×", note },
    });
  }
const { ratio, note } = await measured(100_000, add, ADDS, SPANS[0][1]);
claims.push({ claim: "one more than 100,000", bound: 0.1, ...{ measured: ratio, unit: "×", note } });
report("decaying memory: CPU time against scoring and sorting all", claims);
