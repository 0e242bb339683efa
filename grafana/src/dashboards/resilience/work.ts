import * as names from "../../../../src/telemetry/semconv.ts";
import { LABEL_APP } from "../../metrics/derived.ts";
import { label } from "../../metrics/prometheus-names.ts";
import type { SizedPanel, Thresholds } from "../../panels/panel.ts";
import { valueMapping } from "../../panels/state-timeline.ts";
import { table } from "../../panels/table.ts";
import { timeSeries } from "../../panels/time-series.ts";
import { none } from "../../panels/values.ts";
import { VALUE } from "../../panels/variable.ts";
import { legend, total } from "../../queries/ask.ts";
import { orZero, share } from "../../queries/shares.ts";
import {
  ofWorkflows,
  WORKER,
  WORKER_STATES,
  WORKFLOW,
  workerLoad,
  workerState,
  workerTasks,
  workflowRuns,
  workflowsRunning,
} from "../../queries/work.ts";
import { toTraces } from "../links.ts";
import { APP, RANGE } from "../scope.ts";

const ofQueues = (metric: string) => total({ metric, by: [names.ATTR_QUEUE_NAME], scope: APP });
const QUEUE = legend(names.ATTR_QUEUE_NAME);
const waiting = total({
  metric: names.METRIC_RATE_LIMIT_WAITING,
  by: [names.ATTR_RATE_LIMIT_NAME],
  scope: APP,
});
const tasks = workerTasks(APP, RANGE, ".+");
const runs = workflowRuns(APP, RANGE, ".+", ".*");

const FAILED_TASKS: Thresholds = {
  warn: 0.05,
  bad: 0.2,
  meaning: "Yellow from 5 % of failed tasks, red from 20 %",
};
const LOAD: Thresholds = { warn: 0.8, bad: 1, meaning: "Yellow from 80 %, red where nothing more may run" };

export const work: readonly SizedPanel[] = [
  timeSeries({
    id: 11,
    title: "Queues, and waiting for limits",
    description:
      "Tasks that wait and that run, how many may run at once, and calls that wait for a rate limit. Waiting that grows while all places are taken will not end by itself.",
    unit: "short",
    noValue: "no requestQueue and no rateLimit in these applications",
    queries: [
      { refId: "A", expr: ofQueues(names.METRIC_QUEUE_DEPTH), legend: `${QUEUE} waiting` },
      { refId: "B", expr: ofQueues(names.METRIC_QUEUE_RUNNING), legend: `${QUEUE} running` },
      { refId: "C", expr: ofQueues(names.METRIC_QUEUE_CONCURRENCY), legend: `${QUEUE} may run` },
      { refId: "D", expr: `${waiting} > 0`, legend: `${legend(names.ATTR_RATE_LIMIT_NAME)} limit` },
    ],
    width: 6,
    height: 8,
  }),
  table({
    id: 12,
    title: "Workers",
    description: `State and load now, tasks in the range and the share that failed, ran out of time or was aborted. ${LOAD.meaning}. ${FAILED_TASKS.meaning}.`,
    unit: "short",
    noValue: "no supervisor in these applications",
    queries: [
      { refId: "state", expr: workerState(APP) },
      { refId: "load", expr: workerLoad(APP) },
      { refId: "tasks", expr: `round(${tasks})` },
      { refId: "failed", expr: share(workerTasks(APP, RANGE, "failed|timeout|aborted"), tasks) },
    ],
    columns: [
      { field: WORKER, title: "Worker", width: 80 },
      {
        field: "Value #state",
        title: "State",
        width: 95,
        properties: {
          mappings: [valueMapping(WORKER_STATES)],
          "custom.cellOptions": { type: "color-text" },
        },
      },
      { field: "Value #load", title: "Load", unit: "percentunit", thresholds: LOAD, width: 60 },
      {
        field: "Value #failed",
        title: "Failed",
        unit: "percentunit",
        thresholds: FAILED_TASKS,
        width: 65,
      },
      { field: "Value #tasks", title: "Tasks", width: 60 },
      { field: label(names.ATTR_SUPERVISOR_NAME), title: "Supervisor", width: 85 },
      { field: LABEL_APP, title: "Application", width: 85 },
    ],
    sortBy: { title: "State", lowestFirst: false },
    width: 9,
    height: 8,
  }),
  table({
    id: 13,
    title: "Workflows",
    description:
      "Runs now and in the range, those that did not complete, those gone on with after a crash, attempts of steps that failed, and runs that were refused.",
    unit: "short",
    noValue: "no workflow ran in this range",
    queries: [
      { refId: "runs", expr: `round(${runs})` },
      {
        refId: "failed",
        expr: `round(${orZero(workflowRuns(APP, RANGE, "failed|cancelled|lost|aborted|error", ".+"), runs)})`,
      },
      {
        refId: "resumed",
        expr: `round(${orZero(ofWorkflows(names.METRIC_WORKFLOW_RESUMES, APP, RANGE), runs)})`,
      },
      { refId: "retried", expr: `round(${orZero(failedAttempts(), runs)})` },
      {
        refId: "refused",
        expr: `round(${orZero(ofWorkflows(names.METRIC_WORKFLOW_REFUSALS, APP, RANGE), runs)})`,
      },
      { refId: "running", expr: orZero(workflowsRunning(APP), runs) },
    ],
    columns: [
      {
        field: WORKFLOW,
        title: "Workflow",
        width: 80,
        properties: { links: [toTraces(VALUE)] },
      },
      { field: "Value #running", title: "Now", width: 50 },
      { field: "Value #runs", title: "Runs", width: 55 },
      { field: "Value #failed", title: "Failed", thresholds: none("run"), width: 60 },
      { field: "Value #resumed", title: "Resumed", width: 80 },
      { field: "Value #retried", title: "Bad steps", width: 85 },
      { field: "Value #refused", title: "Refused", width: 70 },
      { field: LABEL_APP, title: "Application", width: 85 },
    ],
    sortBy: { title: "Failed", lowestFirst: false },
    width: 9,
    height: 8,
  }),
];

function failedAttempts(): string {
  const outcome = label(names.ATTR_WORKFLOW_OUTCOME);
  return ofWorkflows(names.METRIC_WORKFLOW_ATTEMPTS, APP, RANGE, { [outcome]: "failed|timeout|aborted" });
}
