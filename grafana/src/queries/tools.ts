import * as names from "../../../src/telemetry/semconv.ts";
import { bucketsOf, countOf, label } from "../metrics/prometheus-names.ts";
import { type ModelScope, modelCalls } from "./cost.ts";
import { quantile, select, sumBy } from "./promql.ts";

export const TOOL = label(names.ATTR_TOOL_NAME);
const DURATION = names.METRIC_EXECUTE_TOOL_DURATION;

/** Calls of tools by agents in the scope, by tool. */
export function toolCalls(scope: ModelScope, range: string, failedOnly = false): string {
  const failed = failedOnly ? { [label(names.ATTR_ERROR_TYPE)]: ".+" } : {};
  return sumBy(
    [TOOL],
    `increase(${select(countOf(DURATION), { ...modelCalls(scope), ...failed })}[${range}])`,
  );
}

export const toolDuration = (q: number, scope: ModelScope, range: string): string =>
  quantile(q, sumBy([TOOL, "le"], `increase(${select(bucketsOf(DURATION), modelCalls(scope))}[${range}])`));
