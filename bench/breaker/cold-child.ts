// The first 5,000 calls of a process, one after the other, through one breaker with a time limit: as source code meets a script or
// a test, before the compiler has seen anything twice.
import { type Library, protectedBy } from "./libraries.ts";
import { WORK } from "./work.ts";

/** What this process sends: CPU nanoseconds a call of the main thread, the bare function's in `library` "bare". */
export type ColdResult = number;

const CALLS = 5_000;

const library = process.argv[2] as Library | "bare";
const call =
  library === "bare" ? () => WORK.plain(undefined as never) : protectedBy(library, WORK.plain, true).call;
// Of this thread: the compiler's own threads are busy at the start of any process, and their luck is half of the rest.
const before = process.threadCpuUsage();
for (let i = 0; i < CALLS; i++) await call();
const { user, system } = process.threadCpuUsage(before);
const result: ColdResult = ((user + system) * 1_000) / CALLS;
process.send?.(result);
process.disconnect?.();
process.exit();
