import * as names from "../../../../src/telemetry/semconv.ts";
import { label } from "../../metrics/prometheus-names.ts";
import { forQuery, type Override, type Query, type SizedPanel } from "../../panels/panel.ts";
import { table } from "../../panels/table.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { ERROR_SHARE, none } from "../../panels/values.ts";
import { labelOf, VALUE } from "../../panels/variable.ts";
import { legend, perMinute, perMinuteOfSome, quantileOf } from "../../queries/ask.ts";
import { edges, SOURCE, TARGET } from "../../queries/graph.ts";
import { sumBy } from "../../queries/promql.ts";
import { share } from "../../queries/shares.ts";
import { TOOL, toolCalls, toolDuration } from "../../queries/tools.ts";
import { toAgent, toBoard, toTraces, toTracesWith } from "../links.ts";
import { APP, APP_AND_ONE_AGENT, ONE_AGENT, RANGE, RATE } from "../scope.ts";

const OF_AGENT = { scope: APP, where: { [names.ATTR_AGENT_NAME]: ONE_AGENT } } as const;
const edge = (failedOnly: boolean) =>
  sumBy([SOURCE, TARGET], edges({ per: "increase", range: RANGE, scope: APP_AND_ONE_AGENT, failedOnly }));
const HEIGHT = 9;

export const failures: readonly SizedPanel[] = [
  timeSeries({
    id: 11,
    title: "Failures a minute, by error",
    description:
      "Runs of the agent, calls of its models and calls of its tools that failed, by class of the error. Click one for the traces that have it.",
    unit: "cpm",
    noValue: "nothing failed in this range, or nothing ran: see the runs above",
    queries: [
      failed("runs", names.METRIC_INVOKE_AGENT_DURATION, names.ATTR_AGENT_NAME),
      failed("models", names.METRIC_INFERENCE_DURATION, names.ATTR_REQUEST_MODEL),
      failed("tools", names.METRIC_EXECUTE_TOOL_DURATION, names.ATTR_TOOL_NAME),
    ],
    overrides: [
      tracesOf("runs", "", names.ATTR_AGENT_NAME),
      tracesOf("models", "model:", names.ATTR_REQUEST_MODEL),
      tracesOf("tools", "tool:", names.ATTR_TOOL_NAME),
    ],
    legend: "beside",
    width: 12,
    height: HEIGHT,
  }),
  timeSeries({
    id: 12,
    title: "Failure modes a minute",
    description:
      "Loops, repeated steps, ping-pong and others that failureModes() has found, once for each run. What each means is in docs/failure-modes.md.",
    unit: "cpm",
    bars: true,
    thresholds: none("finding a minute"),
    noValue: "none found, or failureModes() is not used in these applications",
    queries: [
      {
        refId: "A",
        expr: perMinute(
          { metric: names.METRIC_FAILURE_MODES, by: [names.ATTR_FAILURE_MODE], ...OF_AGENT },
          RATE,
        ),
        legend: legend(names.ATTR_FAILURE_MODE),
      },
    ],
    width: 6,
    height: HEIGHT,
  }),
  timeSeries({
    id: 13,
    title: "Steps of a run (p95)",
    description: "Model and tool calls that 19 of 20 runs did not exceed. A loop shows here first.",
    unit: "short",
    thresholds: {
      warn: 16,
      bad: 32,
      meaning:
        "Yellow from 16 calls, red from 32: few tasks need so many, and each costs the whole context again",
    },
    noValue: "no runs in this range",
    queries: [
      {
        refId: "A",
        expr: quantileOf(0.95, { metric: names.METRIC_INVOKE_AGENT_INFERENCE_CALLS, ...OF_AGENT }, RATE),
        legend: "model calls",
      },
      {
        refId: "B",
        expr: quantileOf(0.95, { metric: names.METRIC_INVOKE_AGENT_TOOL_CALLS, ...OF_AGENT }, RATE),
        legend: "tool calls",
      },
    ],
    width: 6,
    height: HEIGHT,
  }),
  table({
    id: 14,
    title: "Tools",
    description:
      "Calls of each tool in the range, the share that failed, and how long 19 of 20 took at the most.",
    unit: "short",
    noValue: "no tool was called in this range",
    queries: [
      { refId: "calls", expr: `round(${toolCalls(APP_AND_ONE_AGENT, RANGE)})` },
      {
        refId: "errors",
        expr: share(toolCalls(APP_AND_ONE_AGENT, RANGE, true), toolCalls(APP_AND_ONE_AGENT, RANGE)),
      },
      { refId: "p95", expr: toolDuration(0.95, APP_AND_ONE_AGENT, RANGE) },
    ],
    columns: [
      {
        field: TOOL,
        title: "Tool",
        width: 120,
        properties: { links: [toTraces(`tool:${VALUE}`)] },
      },
      { field: "Value #errors", title: "Failed", unit: "percentunit", thresholds: ERROR_SHARE, width: 80 },
      { field: "Value #p95", title: "p95", unit: "s", width: 80 },
      { field: "Value #calls", title: "Calls", width: 80 },
    ],
    sortBy: { title: "Failed", lowestFirst: false },
    width: 8,
    height: 9,
  }),
  timeSeries({
    id: 10,
    title: "Fallbacks a minute",
    description:
      "Answers that a fallback gave, had none of, or failed at, where the breaker before it has the agent's name.",
    unit: "cpm",
    noValue: "no fallback was asked in this range, or none stands behind a breaker of this name",
    links: [toBoard("resilience")],
    queries: [
      {
        refId: "A",
        expr: perMinuteOfSome(
          {
            metric: names.METRIC_FALLBACKS,
            by: [names.ATTR_FALLBACK_KIND, names.ATTR_FALLBACK_OUTCOME],
            where: { [names.ATTR_BREAKER_NAME]: ONE_AGENT },
            scope: APP,
          },
          RATE,
          RANGE,
        ),
        legend: legend(names.ATTR_FALLBACK_KIND, names.ATTR_FALLBACK_OUTCOME),
      },
    ],
    width: 6,
    height: HEIGHT,
  }),
  table({
    id: 15,
    title: "Who calls it, and whom it calls",
    description:
      "Edges of the interaction graph at this agent, in the range: calls and the share that failed.",
    unit: "short",
    noValue: "no calls in this range",
    queries: [
      { refId: "calls", expr: `round(${edge(false)} > 0)` },
      { refId: "errors", expr: share(edge(true), edge(false)) },
    ],
    columns: [
      { field: SOURCE, title: "From", width: 120, properties: { links: [toAgent(VALUE)] } },
      { field: TARGET, title: "To", width: 120, properties: { links: [toTraces(VALUE)] } },
      { field: "Value #errors", title: "Failed", unit: "percentunit", thresholds: ERROR_SHARE, width: 80 },
      { field: "Value #calls", title: "Calls", width: 80 },
    ],
    sortBy: { title: "Calls", lowestFirst: false },
    width: 10,
    height: 9,
  }),
];

function failed(refId: string, metric: string, who: string): Query {
  const where = { ...OF_AGENT.where, [names.ATTR_ERROR_TYPE]: ".+" };
  const by = [who, names.ATTR_ERROR_TYPE];
  return {
    refId,
    expr: perMinuteOfSome({ metric, by, scope: APP, where }, RATE, RANGE),
    legend: legend(...by),
  };
}

/** Each of them is a service of its own to Jaeger. */
function tracesOf(refId: string, prefix: string, who: string): Override {
  const error = labelOf(label(names.ATTR_ERROR_TYPE));
  return forQuery(refId, { links: [toTracesWith(`${prefix}${labelOf(label(who))}`, error)] });
}
