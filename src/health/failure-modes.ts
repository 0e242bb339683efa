import { runWatch } from "../agent/run-watch.ts";
import { checkWhole } from "../internal/check-number.ts";
import { type Clock, systemClock } from "../internal/clock.ts";
import { safely, warnOnce } from "../internal/warn-once.ts";
import { tellSignal } from "../telemetry/signals.ts";
import { argumentsDigest } from "./failure-modes/arguments-digest.ts";
import { type DetectorOptions, detectorsOf } from "./failure-modes/detectors.ts";
import {
  FAILURE_MODES,
  type FailureAction,
  type FailureMode,
  type Finding,
} from "./failure-modes/failure-mode.ts";
import { failureModeCounts } from "./failure-modes/failure-mode-counts.ts";
import { Bounded } from "./failure-modes/lineage.ts";
import { DetectingWatcher } from "./failure-modes/run-watcher.ts";

const ACTIONS: readonly unknown[] = ["none", "warn", "abort"] satisfies readonly FailureAction[];
const KEPT = 1_000;
const DIGEST_KEY = "AGENT_OTEL_DIGEST_KEY";

/** Options of {@link failureModes}. */
export interface FailureModesOptions extends DetectorOptions {
  /** For all modes, or by mode; a mode that is not named is `warn`. @default "warn" */
  readonly action?: FailureAction | Partial<Readonly<Record<FailureMode, FailureAction>>>;
  /** Called with each finding. What it throws is reported once. */
  readonly onFinding?: (finding: Finding) => void;
  /** Key of the digests of arguments, 16 characters or more. @default `AGENT_OTEL_DIGEST_KEY`, else a random one for this process */
  readonly digestKey?: string;
  /** Runs that are looked at at once; past that the one that was quiet for longest is left alone. @default 1_000 */
  readonly maxRuns?: number;
  readonly clock?: Clock;
}

/** How often a mode was found, of which agent. */
export interface FailureModeCount {
  readonly mode: FailureMode;
  readonly agent: string;
  readonly count: number;
}

/** The detectors of this process: see {@link failureModes}. */
export interface FailureModes {
  /** The last 1,000, the newest first. */
  findings(): readonly Finding[];
  /** Since the start, the most frequent first; of the last 1,000 agents and modes. */
  counts(): readonly FailureModeCount[];
  /** Runs that are looked at now. */
  readonly openRuns: number;
  /** Takes the detectors out. Safe to call twice. */
  close(): void;
}

/**
 * Looks for failure modes in every run of this process while it goes on: repeated steps, loops, ping-pong, calls past the goal, ends
 * that come too early, work that nobody checked, tools that an agent was not given, histories that shrink, workers without a time limit.
 *
 * From names, ids, times, token counts and keyed digests of arguments alone, never from text. Each finding is an event `agents.failure_mode`
 * on the span of the agent and counts in `agents.failure_modes`, once for each run, mode and agent. `abort` ends the run: that call
 * and every later tool, model, agent or handoff of the run throws `FailureModeError`. What is found when a run ends can stop nothing, and warns.
 *
 * @throws TypeError while there are others; RangeError or TypeError that names the option, what it allows and the value.
 */
export function failureModes(options: FailureModesOptions = {}): FailureModes {
  if (runWatch.watcher !== undefined)
    throw new TypeError("failureModes: they are installed already in this process; close() those first");
  const detectors = detectorsOf("failureModes", options);
  const actionOf = actionsOf(options.action ?? "warn");
  const maxRuns = checkWhole("failureModes: maxRuns", options.maxRuns ?? 1_000, 1);
  const key = options.digestKey ?? (process.env[DIGEST_KEY] || undefined);
  const digest = argumentsDigest(
    options.digestKey === undefined ? DIGEST_KEY : "failureModes: digestKey",
    key,
  );
  const { onFinding, clock = systemClock } = options;
  const kept: Finding[] = [];
  const counts = new Bounded<string, FailureModeCount>(KEPT);

  const found = (finding: Finding): void => {
    const { mode, agent } = finding;
    failureModeCounts.found(mode, agent);
    tellSignal(() => ({ kind: "failure_mode", mode, agent }));
    kept.push(finding);
    if (kept.length > KEPT) kept.shift();
    const counted = `${mode} ${agent}`;
    counts.set(counted, { mode, agent, count: (counts.get(counted)?.count ?? 0) + 1 });
    if (finding.action !== "none") warnOnce(`failure-mode:${mode}:${agent}`, warningOf(finding));
    if (onFinding !== undefined) safely("onFinding of failureModes", () => onFinding(finding));
  };
  const watcher = new DetectingWatcher({ detectors, clock, actionOf, found }, digest, maxRuns);
  runWatch.watcher = watcher;
  return {
    findings: () => kept.toReversed(),
    counts: () => [...counts.values()].sort((one, other) => other.count - one.count),
    get openRuns() {
      return watcher.openRuns;
    },
    close() {
      if (runWatch.watcher === watcher) runWatch.watcher = undefined;
      watcher.close();
    },
  };
}

function actionsOf(action: FailureAction | object): (mode: FailureMode) => FailureAction {
  if (typeof action !== "object" || action === null) {
    checkAction("action", action);
    return () => action;
  }
  const byMode = new Map<string, FailureAction>();
  for (const [mode, chosen] of Object.entries(action)) {
    if (!(FAILURE_MODES as readonly string[]).includes(mode))
      throw new TypeError(`failureModes: action: ${mode} is none of ${FAILURE_MODES.join(", ")}`);
    checkAction(`action.${mode}`, chosen);
    byMode.set(mode, chosen);
  }
  return (mode) => byMode.get(mode) ?? "warn";
}

function checkAction(option: string, action: unknown): asserts action is FailureAction {
  if (!ACTIONS.includes(action))
    throw new TypeError(`failureModes: ${option} must be none, warn or abort, got ${String(action)}`);
}

function warningOf({ mode, reason, agent, count, names, traceId }: Finding): string {
  const times = count === undefined ? "" : `, ${count}`;
  const about = names.length === 0 ? "" : ` (${names.join(", ")})`;
  const where = traceId === undefined ? "" : `, trace ${traceId}`;
  return `agent ${agent}: ${mode}: ${reason}${times}${about}${where}; further ones are counted in agents.failure_modes`;
}
