import { agentCalls } from "./agent-calls.ts";
import { type MatchResult, matchResult } from "./match-result.ts";
import { spansOf, type Traced } from "./traced.ts";

/**
 * Whether just these agents came to work, in just this order.
 *
 * The path is the list of all agent calls in the order in which they began, over all traces: who is called twice is in it twice, who comes
 * back to work when a call returns is not in it again, and agents that run side by side are in the order in which they were started. A
 * handoff is a call of its target; where the next agent call of the trace is of that target, the two are one.
 */
export function toFollowPath(traced: Traced, path: readonly string[]): MatchResult {
  if (!Array.isArray(path) || path.some((name) => typeof name !== "string")) {
    throw new TypeError("toFollowPath: path must be a list of names of agents");
  }
  const spans = spansOf("toFollowPath", traced);
  const found = agentCalls(spans).map(({ name }) => name);
  const pass = found.length === path.length && found.every((name, index) => name === path[index]);
  return matchResult(spans, pass, `to follow the path ${shown(path)}`, `it was ${shown(found)}`);
}

function shown(path: readonly string[]): string {
  return path.length === 0 ? "of no agent" : path.join(" → ");
}
