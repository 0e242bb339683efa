// Decisions of rate limiters in memory, with one key and with many, where all pass and where none does: CPU time of each, as a program
// gets it. Ours is there at once; theirs is awaited.
import { createRequire } from "node:module";
import { rateLimit } from "../src/resilience/rate-limit.ts";
import { MetricSources } from "../src/telemetry/metric-sources.ts";
import { measureRounds, median, overheadNs, ratio } from "./harness.ts";

/** Nanoseconds, and how many times theirs ours is. */
export interface Compared {
  readonly oursNs: number;
  readonly theirsNs: number;
  readonly ratio: number;
}

export interface RateLimitResult {
  readonly oneKey: Compared;
  readonly manyKeys: Compared;
  readonly refused: Compared;
  /** Over the bare async function. */
  readonly executeNs: number;
  readonly acquireNs: number;
  readonly bottleneckNs: number;
}

interface Flexible {
  consume(key: string): Promise<unknown>;
}

interface Bottleneck {
  schedule<T>(fn: () => Promise<T>): Promise<T>;
}

const require = createRequire(import.meta.url);
const { RateLimiterMemory } = require("rate-limiter-flexible") as {
  RateLimiterMemory: new (options: { readonly points: number; readonly duration: number }) => Flexible;
};
const Bottleneck = require("bottleneck") as new (options: object) => Bottleneck;

/** So many that none is ever refused. */
const PLENTY = 1_000_000_000;
const KEYS = 10_000;
/** Decisions in one measured call, so that what the call itself costs does not count. */
const DECISIONS = 128;
const PLAN = { batch: 128 };

const metrics = new MetricSources();
const plenty = { name: "bench", perMinute: PLENTY, burst: PLENTY, metrics } as const;
const keys = Array.from({ length: KEYS }, (_, i) => `tenant-${i}`);
/** The keys in turn, for each limiter by itself. */
function inTurn(): () => string {
  let turn = 0;
  return () => keys[turn++ % KEYS]!;
}
const swallow = (): void => {};

/** What is measured in a call, so that the compiler cannot leave it out. */
let passed = 0;

const ours = rateLimit(plenty);
const theirs = new RateLimiterMemory({ points: PLENTY, duration: 60 });
const oneKey = await compared(
  () => ours.tryAcquire().allowed,
  () => theirs.consume("all"),
);

const oursMany = rateLimit(plenty);
const theirsMany = new RateLimiterMemory({ points: PLENTY, duration: 60 });
const [ourKey, theirKey] = [inTurn(), inTurn()];
const manyKeys = await compared(
  () => oursMany.tryAcquire({ key: ourKey() }).allowed,
  () => theirsMany.consume(theirKey()),
);

const spent = rateLimit({ ...plenty, perMinute: 1, burst: 1 });
const theirsSpent = new RateLimiterMemory({ points: 1, duration: 3_600 });
spent.tryAcquire();
await theirsSpent.consume("all");
const refused = await compared(
  () => spent.tryAcquire().allowed,
  () => theirsSpent.consume("all").catch(swallow),
);

const nothing = async (): Promise<undefined> => undefined;
const calls = await measureRounds({
  nothing,
  acquire: () => ours.acquire(),
  execute: () => ours.execute(nothing),
});
const bottleneck = new Bottleneck({ maxConcurrent: null, minTime: 0 });
const scheduled = await measureRounds(
  { nothing, bottleneck: () => bottleneck.schedule(nothing) },
  { rounds: 5, batch: 64 },
);

const result: RateLimitResult = {
  oneKey,
  manyKeys,
  refused,
  executeNs: overheadNs(calls.execute, calls.nothing),
  acquireNs: overheadNs(calls.acquire, calls.nothing),
  bottleneckNs: overheadNs(scheduled.bottleneck, scheduled.nothing),
};
if (process.send === undefined) console.log(result, passed > 0);
process.send?.(result);
process.disconnect?.();
process.exit();

async function compared(decide: () => boolean, consume: () => Promise<unknown>): Promise<Compared> {
  const rounds = await measureRounds(
    {
      ours: async () => {
        for (let i = 0; i < DECISIONS; i++) if (decide()) passed += 1;
      },
      theirs: async () => {
        for (let i = 0; i < DECISIONS; i++) await consume();
      },
    },
    PLAN,
  );
  return {
    oursNs: median(rounds.ours) / DECISIONS,
    theirsNs: median(rounds.theirs) / DECISIONS,
    ratio: ratio(rounds.ours, rounds.theirs),
  };
}
