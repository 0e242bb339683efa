import type { Attributes } from "@opentelemetry/api";
import * as names from "../../telemetry/semconv.ts";
import {
  type Evidence,
  type FailureAction,
  type FailureMode,
  type Finding,
  MAST_OF,
} from "./failure-mode.ts";

const MAX_LISTED = 16;

/** Where and when it was found. */
export type FoundAt = Pick<Finding, "traceId" | "spanId" | "timeMs">;

export function findingOf(
  mode: FailureMode,
  agent: string,
  { reason, count, limit, names: about = [], spanIds = [] }: Evidence,
  action: FailureAction,
  at: FoundAt,
): Finding {
  return {
    mode,
    mast: MAST_OF[mode],
    agent,
    action,
    reason,
    count,
    limit,
    names: about.slice(0, MAX_LISTED),
    spanIds: spanIds.slice(-MAX_LISTED),
    ...at,
  };
}

/** Of the event on the span. */
export function attributesOf(finding: Finding): Attributes {
  const { mode, mast, agent, action, reason, count, limit, names: about, spanIds } = finding;
  return {
    [names.ATTR_FAILURE_MODE]: mode,
    [names.ATTR_AGENT_NAME]: agent,
    [names.ATTR_FAILURE_MODE_ACTION]: action,
    [names.ATTR_FAILURE_MODE_REASON]: reason,
    ...(mast === undefined ? {} : { [names.ATTR_FAILURE_MODE_MAST]: mast }),
    ...(count === undefined ? {} : { [names.ATTR_FAILURE_MODE_COUNT]: count }),
    ...(limit === undefined ? {} : { [names.ATTR_FAILURE_MODE_LIMIT]: limit }),
    ...(about.length === 0 ? {} : { [names.ATTR_FAILURE_MODE_NAMES]: [...about] }),
    ...(spanIds.length === 0 ? {} : { [names.ATTR_FAILURE_MODE_SPANS]: [...spanIds] }),
  };
}
