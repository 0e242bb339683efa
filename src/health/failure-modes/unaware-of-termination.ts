import type { RunNote } from "../../agent/run-watch.ts";
import type { Detector, Found, RunDetector } from "./detector.ts";
import { ownerOf, type Step } from "./step.ts";

export interface UnawareOfTerminationOptions {
  /** Most model calls of one call of an agent that declares no `maxIterations`. @default 200 */
  readonly maxIterations?: number;
}

/** FM-1.5: a run goes on past its goal, or an agent past the number of rounds that it may take. */
export function unawareOfTermination(options: Required<UnawareOfTerminationOptions>): Detector {
  return { mode: "unaware_of_termination", watch: (found) => new UnawareOfTermination(options, found) };
}

class UnawareOfTermination implements RunDetector {
  readonly #options: Required<UnawareOfTerminationOptions>;
  readonly #found: Found;
  #goal: Step | undefined;
  #past = 0;

  constructor(options: Required<UnawareOfTerminationOptions>, found: Found) {
    this.#options = options;
    this.#found = found;
  }

  noted(note: RunNote, at: Step): void {
    if (note === "goal_met") this.#goal ??= at;
  }

  began(step: Step): void {
    const { parent } = step;
    if (parent === undefined) return;
    if (this.#goal !== undefined) this.#beganPastGoal(step, parent);
    if (step.kind === "model") this.#iterated(parent);
  }

  #beganPastGoal(step: Step, parent: Step): void {
    this.#past += 1;
    const spanIds = [this.#goal?.spanId, step.spanId].filter((id) => id !== undefined);
    this.#found(
      ownerOf(parent),
      { reason: "past_goal", count: this.#past, limit: 0, names: [step.name], spanIds },
      parent,
    );
  }

  #iterated(agent: Step): void {
    const limit = agent.maxIterations ?? this.#options.maxIterations;
    if (agent.kind !== "agent" || agent.modelCalls <= limit) return;
    const spanIds = agent.spanId === undefined ? [] : [agent.spanId];
    this.#found(agent.name, { reason: "iteration_cap", count: agent.modelCalls, limit, spanIds }, agent);
  }
}
