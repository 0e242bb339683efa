import { detectFailureModes } from "../../health/failure-modes/detect-failure-modes.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { inSeenTime } from "../start-order.ts";
import { type MatchResult, matchResult } from "./match-result.ts";
import { namedLoops } from "./named-loops.ts";
import { finishedSpansOf, type Traced } from "./traced.ts";

/** From how many on a repetition is a loop. */
export interface NoLoopsOptions {
  /** Rounds, where equal arguments were seen: see `failureModes`. 2 to 100. @default 3 */
  readonly rounds?: number;
  /** Rounds, where only the names of tools and agents are known. 2 to 100. @default 5 */
  readonly namedRounds?: number;
  /** Handovers between the same two agents, to and fro, with nothing done by either. @default 4 */
  readonly handovers?: number;
}

/**
 * Whether no agent or tool is called again and again. Equal calls side by side are one, and tools that are `repeatable` may be.
 *
 * With digests of arguments, which spans carry while `failureModes` is on, a loop is what `failureModes` calls `step_repetition`, `loop`
 * or `ping_pong`: the same arguments, and no progress. Spans without digests are judged by names alone, hence more patiently: the
 * same round of 1 to 6 tools and agents 5 times in a row in one call of an agent, or agents that call one another in a ring 5 times.
 *
 * @throws Error while spans are open; RangeError for an option that is unfit.
 */
export function toHaveNoLoops(traced: Traced, options: NoLoopsOptions = {}): MatchResult {
  const rounds = checkWhole("toHaveNoLoops: rounds", options.rounds ?? 3, 2, 100);
  const named = checkWhole("toHaveNoLoops: namedRounds", options.namedRounds ?? 5, 2, 100);
  const handovers = checkWhole("toHaveNoLoops: handovers", options.handovers ?? 4, 2);
  const spans = finishedSpansOf("toHaveNoLoops", traced);
  const findings = detectFailureModes(inSeenTime(spans), {
    stepRepetition: { repeats: rounds },
    loops: { rounds },
    pingPong: { handovers },
    unawareOfTermination: false,
    prematureTermination: false,
    missingVerification: false,
    unknownTool: false,
    shrinkingHistory: false,
    workerWithoutTimeout: false,
  });
  const found = [
    ...findings.map(
      ({ agent, mode, count, names }) => `${agent}: ${mode}, ${count} times (${names.join(", ")})`,
    ),
    ...namedLoops(spans, named).map(({ owner, names, rounds: seen }) =>
      owner === undefined
        ? `agents call one another in a ring: ${names.join(" → ")}, ${seen} times`
        : `${owner} calls ${names.join(", ")} ${seen} times in a row`,
    ),
  ];
  const why = found.length === 0 ? "there are none" : [...new Set(found)].join("; ");
  return matchResult(spans, found.length === 0, "to have no loops", why);
}
