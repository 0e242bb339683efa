import type { Detector, Found, RunDetector } from "./detector.ts";
import { around, ownerOf, type Step, type StepEnd } from "./step.ts";

export interface PrematureTerminationOptions {
  /** A last answer that was cut at so few tokens was asked for like that, as a yes or no. @default 16 */
  readonly shortAnswerTokens?: number;
}

/** In the words of OpenAI, Anthropic, Google, Bedrock and others. */
const CUT = new Set(["length", "max_tokens", "max_output_tokens", "model_length", "incomplete"]);
const MAX_SPANS = 16;

/**
 * FM-3.1: an agent or workflow ends as if all were well, while a part that it requires has not succeeded, a call of its own is still
 * open, or its last answer was cut.
 */
export function prematureTermination(options: Required<PrematureTerminationOptions>): Detector {
  return { mode: "premature_termination", watch: (found) => new PrematureTermination(options, found) };
}

class PrematureTermination implements RunDetector {
  readonly #options: Required<PrematureTerminationOptions>;
  readonly #found: Found;
  readonly #done = new WeakMap<Step, Set<string>>();
  /** The last answer of a model, by the agent that had asked. */
  readonly #answers = new WeakMap<Step, { readonly end: StepEnd; readonly spanId: string | undefined }>();
  /** Names of the calls of an agent that succeeded, and when the last one of each did. */
  readonly #succeeded = new WeakMap<Step, Map<string, number>>();

  constructor(options: Required<PrematureTerminationOptions>, found: Found) {
    this.#options = options;
    this.#found = found;
  }

  began(step: Step): void {
    if (step.requires !== undefined) this.#done.set(step, new Set());
    // Work after an answer goes on from it.
    if (step.parent !== undefined && step.kind !== "model") this.#answers.delete(step.parent);
  }

  ended(step: Step): void {
    const { parent, end } = step;
    if (step.kind === "model") {
      if (parent !== undefined && end !== undefined) this.#answers.set(parent, { end, spanId: step.spanId });
      return;
    }
    if (end === undefined || end.errorType !== undefined) return;
    this.#note(step);
    if (step.lineage === undefined || end.left === true) return;
    this.#required(step);
    this.#openCalls(step);
    this.#cut(step);
  }

  #note(step: Step): void {
    if (step.kind === "handoff") return;
    for (const outer of around(step))
      if (outer.requires?.includes(step.name)) this.#done.get(outer)?.add(step.name);
    const { parent } = step;
    // Only where something is open is it ever asked for.
    if (parent === undefined || parent.open.size === 0) return;
    let times = this.#succeeded.get(parent);
    if (times === undefined) {
      times = new Map();
      this.#succeeded.set(parent, times);
    }
    times.set(`${step.kind} ${step.name}`, step.endedMs ?? step.beganMs);
  }

  #required(step: Step): void {
    const done = this.#done.get(step);
    const missing = step.requires?.filter((name) => !done?.has(name)) ?? [];
    if (missing.length === 0) return;
    const evidence = {
      count: missing.length,
      limit: 0,
      names: missing.slice(0, MAX_SPANS),
      spanIds: idsOf([step]),
    };
    this.#found(ownerOf(step), { reason: "required_not_run", ...evidence }, step);
  }

  /** One that lost a race, or was made anew, or has used up its time, has been given up on purpose. */
  #openCalls(step: Step): void {
    if (step.open.size === 0) return;
    const times = this.#succeeded.get(step);
    const open = [...step.open].filter((call) => {
      if (call.kind === "handoff") return false;
      const endedMs = times?.get(`${call.kind} ${call.name}`);
      if (endedMs !== undefined && endedMs >= call.beganMs) return false;
      return call.timeoutMs === undefined || (step.endedMs ?? 0) - call.beganMs < call.timeoutMs;
    });
    if (open.length === 0) return;
    const names = [...new Set(open.map(({ name }) => name))].slice(0, MAX_SPANS);
    const evidence = { count: open.length, limit: 0, names, spanIds: idsOf(open) };
    this.#found(ownerOf(step), { reason: "open_children", ...evidence }, step);
  }

  #cut(step: Step): void {
    const answer = this.#answers.get(step);
    if (answer === undefined || answer.end.errorType !== undefined) return;
    const { finishReasons, outputTokens } = answer.end;
    const reason = finishReasons?.find((name) => CUT.has(name.toLowerCase()));
    if (reason === undefined || (outputTokens ?? Number.POSITIVE_INFINITY) <= this.#options.shortAnswerTokens)
      return;
    const spanIds = answer.spanId === undefined ? [] : [answer.spanId];
    const count = outputTokens === undefined ? {} : { count: outputTokens };
    this.#found(ownerOf(step), { reason: "cut_answer", ...count, names: [reason], spanIds }, step);
  }
}

function idsOf(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ spanId }) => spanId ?? []).slice(-MAX_SPANS);
}
