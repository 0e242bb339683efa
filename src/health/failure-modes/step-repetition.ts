import type { Detector, Found, RunDetector } from "./detector.ts";
import type { FailureReason } from "./failure-mode.ts";
import { Bounded, type Lineage } from "./lineage.ts";
import { keyOf } from "./run.ts";
import { ownerOf, type Step } from "./step.ts";

/** How often a call may be made with the same arguments while nothing else brings the agent further. */
export interface StepRepetitionOptions {
  /** So many calls are a finding, where the model was asked in between, or is never asked. @default 3 */
  readonly repeats?: number;
  /** So many are one where those before have failed: to try again is right, for a while. @default 6 */
  readonly failures?: number;
  /** So many are one without a question to the model in between: that is a loop of the program, which may poll. @default 20 */
  readonly inOneTurn?: number;
}

/** Equal calls of one line of work since its last progress. */
interface Repeats {
  readonly progress: number;
  succeeded: number;
  failed: number;
  inTurn: number;
  /** The call of the agent, and how often it had asked its model, when the last one ended. */
  turn: string | undefined;
  turnFailed: boolean;
  beganMs: number;
  endedMs: number;
  readonly spanIds: string[];
}

const MAX_CALLS = 1_000;
const MAX_SPANS = 16;

/** FM-1.3: the same agent makes the same call again and again, and nothing comes of it. Needs digests. */
export function stepRepetition(options: Required<StepRepetitionOptions>): Detector {
  return { mode: "step_repetition", watch: (found) => new StepRepetition(options, found) };
}

class StepRepetition implements RunDetector {
  readonly #options: Required<StepRepetitionOptions>;
  readonly #found: Found;
  /** Weak: they end with their line of work. */
  readonly #calls = new WeakMap<Lineage, Bounded<string, Repeats>>();

  constructor(options: Required<StepRepetitionOptions>, found: Found) {
    this.#options = options;
    this.#found = found;
  }

  began(step: Step): void {
    const before = this.#callsOf(step)?.get(keyOf(step)!);
    if (before === undefined || before.progress !== step.parent?.lineage?.progress) return;
    const { repeats, failures, inOneTurn } = this.#options;
    const succeeded = before.succeeded + 1;
    const all = succeeded + before.failed;
    const turn = turnOf(step);
    if (turn !== undefined && turn === before.turn) {
      if (before.inTurn + 1 >= inOneTurn)
        this.#tell(step, before, "same_arguments_in_a_turn", before.inTurn + 1, inOneTurn);
    } else if (before.succeeded > 0 && succeeded >= repeats)
      this.#tell(step, before, "same_arguments", succeeded, repeats);
    else if (all >= failures) this.#tell(step, before, "same_arguments_failing", all, failures);
  }

  ended(step: Step): void {
    const calls = this.#callsOf(step);
    const progress = step.parent?.lineage?.progress;
    if (calls === undefined || progress === undefined) return;
    const key = keyOf(step)!;
    let repeats = calls.get(key);
    if (repeats === undefined || repeats.progress !== progress) {
      repeats = newRepeats(progress);
      calls.set(key, repeats);
    }
    // Equal calls side by side are one step.
    if (step.beganMs <= repeats.beganMs || step.beganMs < repeats.endedMs) return;
    count(repeats, step);
  }

  #tell(step: Step, { spanIds }: Repeats, reason: FailureReason, count: number, limit: number): void {
    const at = step.parent!;
    this.#found(ownerOf(at), { reason, count, limit, names: [step.name], spanIds: [...spanIds] }, at);
  }

  /** Where calls like this one are counted; `undefined` where it is not known which are. */
  #callsOf(step: Step): Bounded<string, Repeats> | undefined {
    const lineage = step.parent?.lineage;
    if (lineage === undefined || keyOf(step) === undefined || step.repeatable) return undefined;
    let calls = this.#calls.get(lineage);
    if (calls === undefined) {
      calls = new Bounded(MAX_CALLS);
      this.#calls.set(lineage, calls);
    }
    return calls;
  }
}

function newRepeats(progress: number): Repeats {
  return {
    progress,
    succeeded: 0,
    failed: 0,
    inTurn: 0,
    turn: undefined,
    turnFailed: false,
    beganMs: -1,
    endedMs: -1,
    spanIds: [],
  };
}

function count(repeats: Repeats, step: Step): void {
  const turn = turnOf(step);
  const failed = step.end?.errorType !== undefined;
  if (turn === undefined || turn !== repeats.turn) {
    repeats.inTurn = 1;
    if (failed) repeats.failed += 1;
    else repeats.succeeded += 1;
  } else {
    repeats.inTurn += 1;
    // A policy tried again, and it worked: to the model it was one call that succeeded.
    if (repeats.turnFailed && !failed) {
      repeats.failed -= 1;
      repeats.succeeded += 1;
    }
  }
  repeats.turnFailed = failed;
  repeats.turn = turn;
  repeats.beganMs = step.beganMs;
  repeats.endedMs = step.endedMs ?? step.beganMs;
  if (step.spanId !== undefined) repeats.spanIds.push(step.spanId);
  if (repeats.spanIds.length > MAX_SPANS) repeats.spanIds.shift();
}

/** `undefined` where the agent has asked no model that is seen: then each call may be its own decision. */
function turnOf({ parent }: Step): string | undefined {
  return parent === undefined || parent.modelCalls === 0 ? undefined : `${parent.seq} ${parent.modelCalls}`;
}
