import { agentBuckets, agentCalls, agentErrors } from "../../queries/red.ts";
import { callsRate, DURATION_BUCKETS, errorRatio, errorsRate, LONG_WINDOWS, type Window } from "../names.ts";
import type { RecordingRule } from "../rule.ts";
import type { TimeScale } from "../time-scale.ts";

/** Rate, errors and duration of agents in the last five minutes: exact where the SDK counts, else from spans. */
export function redRules(time: TimeScale): readonly RecordingRule[] {
  const range = time.range("5m");
  return [...ofWindow("5m", range), { record: DURATION_BUCKETS, expr: agentBuckets({ per: "rate", range }) }];
}

/** The same over the longer windows that burn rates are made of. */
export function burnRules(time: TimeScale): readonly RecordingRule[] {
  return LONG_WINDOWS.flatMap((window) => ofWindow(window, time.range(window)));
}

/** In this order: each of them asks for the ones before it, and a group is evaluated in order. */
function ofWindow(window: Window, range: string): readonly RecordingRule[] {
  const [calls, errors] = [callsRate(window), errorsRate(window)];
  return [
    { record: calls, expr: agentCalls({ per: "rate", range }) },
    { record: errors, expr: `(${agentErrors({ per: "rate", range })}) or 0 * ${calls}` },
    // Two extrapolations are never quite alike: a ratio is at most 1.
    { record: errorRatio(window), expr: `clamp_max(${errors} / (${calls} > 0), 1)` },
  ];
}
