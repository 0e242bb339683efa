import * as names from "../../../src/telemetry/semconv.ts";
import { LABEL_APP } from "../metrics/derived.ts";
import { countOf, label, series } from "../metrics/prometheus-names.ts";
import { either, type Matchers, maxBy, select, sumBy } from "./promql.ts";
import { appOf, type Scope } from "./scope.ts";

type App = Pick<Scope, "app">;

export const WORKER = label(names.ATTR_WORKER_NAME);
export const WORKFLOW = label(names.ATTR_WORKFLOW_NAME);
const BY_WORKER = [LABEL_APP, label(names.ATTR_SUPERVISOR_NAME), WORKER];
const BY_WORKFLOW = [LABEL_APP, WORKFLOW];

/** Numbers of the states, the worst highest. */
export const WORKER_STATES = [
  { value: 0, name: "idle", text: "idle", color: "green" },
  { value: 1, name: "busy", text: "busy", color: "green" },
  { value: 2, name: "overloaded", text: "overloaded", color: "yellow" },
  { value: 3, name: "failed", text: "failed", color: "red" },
] as const;

export function workerState(scope: App): string {
  const metric = series(names.METRIC_WORKER_STATE);
  const of = (state: string) => select(metric, { ...appOf(scope), [label(names.ATTR_WORKER_STATE)]: state });
  return maxBy(BY_WORKER, either(...WORKER_STATES.map(({ value, name }) => `${value} * (${of(name)} == 1)`)));
}

export const workerLoad = (scope: App): string =>
  maxBy(BY_WORKER, select(series(names.METRIC_WORKER_LOAD), appOf(scope)));

/** @param outcome What the outcome must match. */
export const workerTasks = (scope: App, range: string, outcome: string): string =>
  sumBy(
    BY_WORKER,
    inRange(series(names.METRIC_WORKER_TASKS), scope, range, { [label(names.ATTR_TASK_OUTCOME)]: outcome }),
  );

/** Checkpointed ones, and plain ones by whether they failed; 0 for each workflow that has run. */
export function workflowRuns(scope: App, range: string, outcome: string, error: string): string {
  const checkpointed = inRange(series(names.METRIC_WORKFLOW_RUNS), scope, range, {
    [label(names.ATTR_WORKFLOW_OUTCOME)]: outcome,
  });
  const plain = inRange(countOf(names.METRIC_INVOKE_WORKFLOW_DURATION), scope, range, {
    [label(names.ATTR_ERROR_TYPE)]: error,
  });
  return `${sumBy(BY_WORKFLOW, checkpointed)} or ${sumBy(BY_WORKFLOW, plain)}`;
}

export const workflowsRunning = (scope: App): string =>
  sumBy(BY_WORKFLOW, select(series(names.METRIC_WORKFLOW_RUNNING), appOf(scope)));

/** Of a counter by workflow. */
export const ofWorkflows = (metric: string, scope: App, range: string, more: Matchers = {}): string =>
  sumBy(BY_WORKFLOW, inRange(series(metric), scope, range, more));

const inRange = (metric: string, scope: App, range: string, more: Matchers): string =>
  `increase(${select(metric, { ...appOf(scope), ...more })}[${range}])`;
