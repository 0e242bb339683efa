import type { Detector, Found, RunDetector } from "./detector.ts";
import type { Lineage } from "./lineage.ts";
import { keyOf } from "./run.ts";
import { ownerOf, type Step } from "./step.ts";

export interface LoopOptions {
  /** So many rounds of the same calls are a finding. @default 3 */
  readonly rounds?: number;
  /** Most different calls of a round. @default 6 */
  readonly length?: number;
}

const MAX_SPANS = 16;

/** What a line of work has done last. */
interface Trail {
  progress: number;
  readonly steps: { readonly key: string; readonly name: string; readonly spanId: string | undefined }[];
}

/** FM-1.3: an agent goes through the same sequence of two calls or more again and again. Needs digests: pages are turned in a loop too. */
export function loops(options: Required<LoopOptions>): Detector {
  return { mode: "loop", watch: (found) => new Loops(options, found) };
}

class Loops implements RunDetector {
  readonly #options: Required<LoopOptions>;
  readonly #found: Found;
  readonly #trails = new WeakMap<Lineage, Trail>();

  constructor(options: Required<LoopOptions>, found: Found) {
    this.#options = options;
    this.#found = found;
  }

  ended(step: Step): void {
    const { parent } = step;
    const lineage = parent?.lineage;
    if (parent === undefined || lineage === undefined || step.kind === "model" || step.kind === "handoff")
      return;
    const key = step.repeatable ? undefined : keyOf(step);
    const trail = this.#trailOf(lineage);
    // The first round is all new, and stays: it is what the later ones repeat.
    if (trail.progress !== lineage.progress && !step.isNew) trail.steps.length = 0;
    trail.progress = lineage.progress;
    if (key === undefined) {
      trail.steps.length = 0;
      return;
    }
    trail.steps.push({ key, name: step.name, spanId: step.spanId });
    const { rounds, length } = this.#options;
    if (trail.steps.length > (rounds + 1) * length) trail.steps.shift();
    if (step.isNew) return;
    const round = roundOf(trail.steps, rounds, length);
    if (round === 0) return;
    const shown = trail.steps.slice(-round * rounds);
    this.#found(
      ownerOf(parent),
      {
        reason: "repeated_sequence",
        count: rounds,
        limit: rounds,
        names: shown.slice(0, round).map(({ name }) => name),
        spanIds: shown.flatMap(({ spanId }) => spanId ?? []).slice(-MAX_SPANS),
      },
      parent,
    );
  }

  #trailOf(lineage: Lineage): Trail {
    let trail = this.#trails.get(lineage);
    if (trail === undefined) {
      trail = { progress: lineage.progress, steps: [] };
      this.#trails.set(lineage, trail);
    }
    return trail;
  }
}

/** How many calls the round has that the trail ends with `rounds` times; 0 where there is none. A round of one call is a repetition. */
function roundOf(steps: Trail["steps"], rounds: number, longest: number): number {
  for (let round = 2; round <= longest && round * rounds <= steps.length; round++) {
    const from = steps.length - round * rounds;
    let same = true;
    for (let i = from + round; same && i < steps.length; i++) same = steps[i]!.key === steps[i - round]!.key;
    if (same && new Set(steps.slice(-round).map(({ key }) => key)).size > 1) return round;
  }
  return 0;
}
