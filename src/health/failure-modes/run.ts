import type { RunNote } from "../../agent/run-watch.ts";
import type { Detector, Found, RunDetector } from "./detector.ts";
import type { Evidence, FailureMode } from "./failure-mode.ts";
import { Bounded, Lineage } from "./lineage.ts";
import { around, isWork, type Step, type StepEnd, type StepFacts } from "./step.ts";

/** Modes of agents that were reported in one run. */
const MAX_REPORTED = 1_000;
/** Open calls of one agent that are told apart. */
const MAX_OPEN = 1_000;

export type Report = (mode: FailureMode, agent: string, evidence: Evidence, at: Step) => void;

/**
 * One run: everything below its first agent or workflow. Keeps what is common to all detectors: which call stands in which, and what
 * is progress.
 *
 * Progress of an agent, and of those that called it, is: a success of a tool or agent with arguments that it had not succeeded with; one
 * whose arguments nobody knows; a handoff; what `progressMade` and commits of shared state say.
 */
export class Run {
  readonly #detectors: readonly RunDetector[];
  readonly #report: Report;
  readonly #reported = new Bounded<string, true>(MAX_REPORTED);
  readonly #lines = new Lineage();
  #seq = 0;

  constructor(detectors: readonly Detector[], report: Report) {
    this.#report = report;
    this.#detectors = detectors.map((detector) => detector.watch(this.#found(detector.mode)));
  }

  begin(facts: StepFacts, parent: Step | undefined, nowMs: number, spanId?: string): Step {
    const step = this.#stepOf(facts, parent, nowMs, spanId);
    if (parent !== undefined) {
      if (step.kind === "model") parent.modelCalls += 1;
      else if (parent.open.size < MAX_OPEN) parent.open.add(step);
    }
    for (const detector of this.#detectors) detector.began?.(step);
    return step;
  }

  end(step: Step, end: StepEnd, nowMs: number): void {
    if (step.end !== undefined) return;
    step.end = end;
    step.endedMs = nowMs;
    step.parent?.open.delete(step);
    if (step.lineage !== undefined) step.lineage.isOpen = false;
    if (end.errorType === undefined && step.kind !== "model") this.#succeeded(step);
    for (const detector of this.#detectors) detector.ended?.(step);
    step.open.clear();
  }

  /**
   * A model call that has ended: when it began, nothing was known of it but whose it was.
   *
   * @param parent The agent or workflow that it was made in.
   */
  endModel(facts: StepFacts, parent: Step, end: StepEnd, nowMs: number, spanId: string | undefined): void {
    const step = this.#stepOf(facts, parent, nowMs, spanId);
    step.end = end;
    step.endedMs = nowMs;
    for (const detector of this.#detectors) detector.ended?.(step);
  }

  /** It began, and was not made. */
  refused(step: Step): void {
    step.parent?.open.delete(step);
    if (step.lineage !== undefined) step.lineage.isOpen = false;
  }

  note(note: RunNote, at: Step): void {
    if (note === "progress") advance(at, true);
    for (const detector of this.#detectors) detector.noted?.(note, at);
  }

  #stepOf(facts: StepFacts, parent: Step | undefined, nowMs: number, spanId: string | undefined): Step {
    return {
      ...facts,
      seq: this.#seq++,
      parent,
      beganMs: nowMs,
      spanId,
      end: undefined,
      endedMs: undefined,
      isNew: false,
      lineage: isWork(facts) ? this.#lineageOf(facts, parent) : undefined,
      open: new Set(),
      modelCalls: 0,
    };
  }

  #succeeded(step: Step): void {
    const seen = step.parent?.lineage?.seen;
    const key = keyOf(step);
    step.isNew = step.kind === "handoff" || key === undefined || seen?.get(key) === undefined;
    if (key !== undefined) seen?.set(key, true);
    // A handoff takes the work elsewhere; whether it comes back with nothing done is for its own detector to see.
    if (step.isNew) advance(step, false);
  }

  #lineageOf(facts: StepFacts, parent: Step | undefined): Lineage {
    const lines = (parent?.lineage ?? this.#lines).children;
    const key = keyOf(facts);
    if (key === undefined) return new Lineage();
    const before = lines.get(key);
    if (before !== undefined && !before.isOpen) {
      before.isOpen = true;
      return before;
    }
    const line = new Lineage();
    lines.set(key, line);
    return line;
  }

  /** Once for each mode and agent. */
  #found(mode: FailureMode): Found {
    return (agent, evidence, at) => {
      const key = `${mode} ${agent}`;
      if (this.#reported.get(key) !== undefined) return;
      this.#reported.set(key, true);
      this.#report(mode, agent, evidence, at);
    };
  }
}

/** Equal for calls that ask for the same; `undefined` where their arguments are not known. */
export function keyOf({
  kind,
  name,
  digest,
}: Pick<StepFacts, "kind" | "name" | "digest">): string | undefined {
  return digest === undefined ? undefined : `${kind} ${name} ${digest}`;
}

function advance(step: Step, itself: boolean): void {
  if (itself && step.lineage !== undefined) step.lineage.progress += 1;
  for (const outer of around(step))
    if (isWork(outer) && outer.lineage !== undefined) outer.lineage.progress += 1;
}
