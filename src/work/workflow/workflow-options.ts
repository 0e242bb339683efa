import { checkName } from "../../internal/check-name.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import type { CheckpointStore } from "../../stores/checkpoints/checkpoint-store.ts";
import type { MetricSources } from "../../telemetry/metric-sources.ts";
import type { LetterSink } from "./letter-sink.ts";
import { WorkflowMetrics, workflowMetrics } from "./workflow-metrics.ts";

const LONGEST_TIMER_MS = 2_147_483_647;
const DAY_MS = 86_400_000;
/** Characters. */
const MAX_VERSION = 128;

/** All but the store have defaults. */
export interface CheckpointedWorkflowOptions {
  /** Where checkpoints are kept: a `fileStore`, `sqliteStore` or `postgresStore`. */
  readonly store: { readonly name?: string; readonly checkpoints?: CheckpointStore };
  /** Change it when steps of the same names do something else: a run is only gone on with by the version that began it. @default "1" */
  readonly version?: string;
  /** How long a process may be silent before another one may take its run, milliseconds, 100 to a day. Renewed at a third of it. @default 30_000 */
  readonly leaseMs?: number;
  /** How many processes a run may take with it at one step before it is left alone, 0 to 1,000. @default 10 */
  readonly maxCrashes?: number;
  /**
   * How long a completed run is kept: `execute` with its id gives its result meanwhile and runs nothing. 0 removes it at once, and a caller
   * that crashes before it has the result will run all of it again; `Infinity` keeps it. Milliseconds. @default a day
   */
  readonly keepCompletedMs?: number;
  /** Gets what failed for good, or crashed too often. @default nobody */
  readonly deadLetters?: LetterSink;
  readonly clock?: Clock;
  /** For tests. */
  readonly after?: After;
  /** Where it tells its metrics. @default those of this process */
  readonly metrics?: MetricSources;
}

/** The options, checked, with their defaults. */
export interface WorkflowSettings {
  readonly name: string;
  readonly version: string;
  readonly store: CheckpointStore;
  readonly storeName: string;
  readonly leaseMs: number;
  readonly maxCrashes: number;
  readonly keepCompletedMs: number;
  readonly deadLetters: LetterSink | undefined;
  readonly clock: Clock;
  readonly after: After;
  readonly metrics: WorkflowMetrics;
}

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function workflowSettings(name: string, options: CheckpointedWorkflowOptions): WorkflowSettings {
  checkName("checkpointedWorkflow", name);
  const { version = "1", store, keepCompletedMs = DAY_MS, deadLetters, metrics } = options;
  if (store?.checkpoints === undefined)
    throw new TypeError(
      "checkpointedWorkflow: store must be one that has checkpoints: fileStore, sqliteStore or postgresStore",
    );
  if (typeof version !== "string" || version === "" || version.length > MAX_VERSION)
    throw new TypeError(
      `checkpointedWorkflow: version must be a string of 1 to ${MAX_VERSION} characters, got ${shown(version)}`,
    );
  if (keepCompletedMs !== Number.POSITIVE_INFINITY)
    checkWhole("checkpointedWorkflow: keepCompletedMs", keepCompletedMs, 0);
  if (deadLetters !== undefined && typeof deadLetters?.add !== "function")
    throw new TypeError("checkpointedWorkflow: deadLetters must be a deadLetterQueue");
  return {
    name,
    version,
    store: store.checkpoints,
    storeName: store.name ?? "of checkpoints",
    leaseMs: checkWhole("checkpointedWorkflow: leaseMs", options.leaseMs ?? 30_000, 100, DAY_MS),
    maxCrashes: checkWhole("checkpointedWorkflow: maxCrashes", options.maxCrashes ?? 10, 0, 1_000),
    keepCompletedMs,
    deadLetters,
    clock: options.clock ?? systemClock,
    after: options.after ?? systemAfter,
    metrics: metrics === undefined ? workflowMetrics : new WorkflowMetrics(metrics),
  };
}

export interface StepOptions {
  /** Whether another attempt may help. @default every error but a refusal of this package, such as a spent budget; a timeout counts as error */
  readonly retryable?: boolean | ((error: unknown) => boolean);
  /** Attempts after the first one, 0 to 1,000. @default 0 */
  readonly retries?: number;
  /** How long one attempt may take, milliseconds. @default 60_000 */
  readonly timeoutMs?: number;
}

/** @throws TypeError or RangeError that names the step, the option and the value. */
export function checkStepOptions(
  step: string,
  options: StepOptions,
): Required<Pick<StepOptions, "retries" | "timeoutMs">> {
  const { retryable } = options;
  if (retryable !== undefined && typeof retryable !== "boolean" && typeof retryable !== "function")
    throw new TypeError(
      `checkpointedWorkflow: retryable of step "${step}" must be true, false or a function, got ${shown(retryable)}`,
    );
  return {
    retries: checkWhole(`checkpointedWorkflow: retries of step "${step}"`, options.retries ?? 0, 0, 1_000),
    timeoutMs: checkWhole(
      `checkpointedWorkflow: timeoutMs of step "${step}"`,
      options.timeoutMs ?? 60_000,
      1,
      LONGEST_TIMER_MS,
    ),
  };
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value.slice(0, 64)) : String(value);
}
