import type { RunNote } from "../../agent/run-watch.ts";
import type { Evidence, FailureMode } from "./failure-mode.ts";
import type { Step } from "./step.ts";

/** @param at The agent or workflow whose span has the event. */
export type Found = (agent: string, evidence: Evidence, at: Step) => void;

/**
 * Looks for one failure mode in one run, while it goes on or afterwards: the calls come in the order in which they began and ended.
 * What it keeps has a bound, since a run may go on for ever.
 */
export interface RunDetector {
  began?(step: Step): void;
  ended?(step: Step): void;
  /** @param at The agent or workflow that said it. */
  noted?(note: RunNote, at: Step): void;
}

/** One failure mode, with its thresholds. */
export interface Detector {
  readonly mode: FailureMode;
  watch(found: Found): RunDetector;
}
