// A call behind the breaker of one library, in turn with the bare function: CPU time over that. One library a process, since the garbage
// of one that leaves ten times as much would be collected at the cost of all.
import { type Case, measureRounds, median, overheadNs } from "../harness.ts";
import { type Library, protectedBy } from "./libraries.ts";
import { WORK, type WorkName } from "./work.ts";

/** What this process sends: nanoseconds a call. */
export interface CallResult {
  readonly bareNs: number;
  readonly overNs: number;
}

const [library, work, timeout, inFlight] = process.argv.slice(2) as [Library, WorkName, string, string];
const width = Number(inFlight);
const { call } = protectedBy(library, WORK[work], timeout === "timeout");
const rounds = await measureRounds(
  { bare: atOnce(() => WORK.plain(undefined as never)), protected: atOnce(call) },
  { batch: Math.ceil(8_192 / width) },
);
const result: CallResult = {
  bareNs: median(rounds.bare) / width,
  overNs: overheadNs(rounds.protected, rounds.bare) / width,
};
process.send?.(result);
process.disconnect?.();
process.exit();

/** So many calls begun before the first one ends. */
function atOnce(call: Case): Case {
  return width === 1 ? call : () => Promise.all(Array.from({ length: width }, call));
}
