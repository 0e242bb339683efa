import { agent } from "../src/index.ts";
import { measureRounds, median, overheadNs } from "./harness.ts";

/** What this process sends: CPU nanoseconds per call. */
export interface NoSdkResult {
  readonly overheadNs: number;
  readonly bareNs: number;
}

const work = async (question: string) => question;
const asAgent = agent("researcher", work);
const rounds = await measureRounds(
  { agent: () => asAgent("why?"), bare: () => work("why?") },
  { batch: 32_768 },
);
const result: NoSdkResult = {
  overheadNs: overheadNs(rounds.agent, rounds.bare),
  bareNs: median(rounds.bare),
};
process.send?.(result);
process.disconnect?.();
