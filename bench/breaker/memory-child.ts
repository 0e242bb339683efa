// What stays in memory: for each breaker, and for each call that is under way through one breaker with a time limit.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Library, type Protected, protectedBy, type Work } from "./libraries.ts";

/** What this process sends: bytes. */
export interface MemoryResult {
  readonly perBreaker: number;
  readonly perCall: number;
}

const BREAKERS = 1_000;
const CALLS = 10_000;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const library = process.argv[2] as Library | "bare";
const gates: (() => void)[] = [];
const work: Work = () => new Promise((open) => gates.push(() => open(1)));

// Once, for what is made with the first one.
const first = library === "bare" ? undefined : protectedBy(library, work, true);
const pending: Promise<unknown>[] = [first?.call() ?? work(undefined as never)];
const breakers: Protected[] = [];
const start = used();
if (library !== "bare") for (let i = 0; i < BREAKERS; i++) breakers.push(protectedBy(library, work, true));
const afterBreakers = used();
for (let i = 0; i < CALLS; i++) pending.push(first?.call() ?? work(undefined as never));
const afterCalls = used();
for (const open of gates) open();
await Promise.all(pending);
const result: MemoryResult = {
  perBreaker: (afterBreakers - start) / BREAKERS,
  perCall: (afterCalls - afterBreakers) / CALLS,
};
process.send?.(result);
process.disconnect?.();
process.exit();

function used(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
