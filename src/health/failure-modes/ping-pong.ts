import type { Detector, Found, RunDetector } from "./detector.ts";
import { Bounded } from "./lineage.ts";
import { keyOf } from "./run.ts";
import { around, isWork, ownerOf, type Step } from "./step.ts";

export interface PingPongOptions {
  /** So many handovers between the same two agents, each the other way than the one before, are a finding. @default 4 */
  readonly handovers?: number;
}

const MAX_PAIRS = 1_000;
const MAX_SPANS = 16;

interface Rally {
  readonly from: string;
  readonly count: number;
  readonly spanIds: readonly string[];
}

/**
 * FM-1.3: two agents hand the work to one another, or call one another, and neither does anything with it. What counts as something is
 * a tool or another agent that succeeds with arguments not seen before.
 */
export function pingPong(options: Required<PingPongOptions>): Detector {
  return { mode: "ping_pong", watch: (found) => new PingPong(options, found) };
}

class PingPong implements RunDetector {
  readonly #options: Required<PingPongOptions>;
  readonly #found: Found;
  /** By the two names in order. */
  readonly #rallies = new Bounded<string, Rally>(MAX_PAIRS);
  /** Calls of agents that were made, with their arguments. */
  readonly #called = new Bounded<string, true>(MAX_PAIRS);

  constructor(options: Required<PingPongOptions>, found: Found) {
    this.#options = options;
    this.#found = found;
  }

  began(step: Step): void {
    const to = step.name;
    const from = step.kind === "handoff" ? step.agent : callerOf(step);
    const isAgain = this.#isAgain(step);
    if (from === undefined || from === to || step.parent === undefined || isHandedOver(step)) return;
    const pair = from < to ? `${from}\n${to}` : `${to}\n${from}`;
    const before = this.#rallies.get(pair);
    const goesBack = before !== undefined && before.from === to;
    const spanIds = [...(goesBack ? before.spanIds : []), ...(step.spanId ? [step.spanId] : [])].slice(
      -MAX_SPANS,
    );
    const count = isAgain ? (goesBack ? before.count : 0) + 1 : 0;
    this.#rallies.set(pair, { from, count, spanIds });
    // Whoever takes a third one in has other work.
    for (const other of [...this.#rallies.keys()])
      if (other !== pair && other.split("\n").includes(from)) this.#rallies.delete(other);
    const { handovers } = this.#options;
    if (count >= handovers)
      this.#found(
        from,
        { reason: "back_and_forth", count, limit: handovers, names: [from, to], spanIds },
        step.parent,
      );
  }

  ended(step: Step): void {
    if (step.kind === "model" || step.kind === "handoff" || step.end?.errorType !== undefined || !step.isNew)
      return;
    // A call that is part of a rally is no work for those two; what it called itself has been seen by then.
    if (step.kind === "agent") return;
    this.#worked(step);
  }

  noted(note: string, at: Step): void {
    if (note !== "progress") return;
    this.#forget(ownerOf(at));
    this.#worked(at);
  }

  /** A handoff carries nothing; a call with other arguments than before brings something new. */
  #isAgain(step: Step): boolean {
    if (step.kind === "handoff") return true;
    const key = step.kind === "agent" ? keyOf(step) : undefined;
    if (key === undefined) return false;
    const before = this.#called.get(key) !== undefined;
    this.#called.set(key, true);
    return before;
  }

  #worked(step: Step): void {
    for (const outer of around(step)) if (isWork(outer)) this.#forget(ownerOf(outer));
  }

  #forget(agent: string): void {
    for (const pair of [...this.#rallies.keys()])
      if (pair.split("\n").includes(agent)) this.#rallies.delete(pair);
  }
}

/** The call that a handoff makes is that same handoff. */
function isHandedOver({ kind, name, parent }: Step): boolean {
  if (kind !== "agent" || parent === undefined) return false;
  for (const open of parent.open) if (open.kind === "handoff" && open.name === name) return true;
  return false;
}

function callerOf(step: Step): string | undefined {
  return step.kind === "agent" && step.parent?.kind === "agent" ? step.parent.name : undefined;
}
