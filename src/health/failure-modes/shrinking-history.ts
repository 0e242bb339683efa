import type { RunNote } from "../../agent/run-watch.ts";
import type { Detector, Found, RunDetector } from "./detector.ts";
import { Bounded } from "./lineage.ts";
import { ownerOf, type Step } from "./step.ts";

export interface ShrinkingHistoryOptions {
  /** The share of its input tokens that a conversation may not lose at once, above 0 and at most 1. @default 0.5 */
  readonly share?: number;
  /** Conversations with less input tokens than this are not looked at. @default 1_000 */
  readonly minTokens?: number;
  /** Within one call of the agent, so many small model calls in a row are a finding: one is often a question on the side. @default 2 */
  readonly calls?: number;
}

const MAX_CONVERSATIONS = 1_000;

/** A conversation with one agent and model. */
interface History {
  /** Input tokens of the first model call in the last call of the agent. */
  first: number;
  peak: number;
  low: number;
  /** The call of the agent that they were in. */
  turn: Step | undefined;
}

/**
 * A sign of FM-1.4: a conversation is sent to the model with far fewer tokens than before, though nobody has compacted it.
 *
 * @param histories Lives longer than a run, since each turn of a conversation mostly is a run of its own.
 */
export function shrinkingHistory(options: Required<ShrinkingHistoryOptions>): Detector {
  const histories = new Bounded<string, History>(MAX_CONVERSATIONS);
  return { mode: "shrinking_history", watch: (found) => new ShrinkingHistory(options, histories, found) };
}

class ShrinkingHistory implements RunDetector {
  readonly #options: Required<ShrinkingHistoryOptions>;
  readonly #histories: Bounded<string, History>;
  readonly #found: Found;

  constructor(options: Required<ShrinkingHistoryOptions>, histories: Bounded<string, History>, found: Found) {
    this.#options = options;
    this.#histories = histories;
    this.#found = found;
  }

  noted(note: RunNote, at: Step): void {
    if (note !== "compaction" || at.conversation === undefined) return;
    const begin = `${JSON.stringify(at.conversation)} `;
    for (const key of [...this.#histories.keys()]) if (key.startsWith(begin)) this.#histories.delete(key);
  }

  ended(step: Step): void {
    const { conversation, parent, end } = step;
    const tokens = end?.inputTokens;
    if (step.kind !== "model" || conversation === undefined || parent === undefined || tokens === undefined)
      return;
    const key = `${JSON.stringify(conversation)} ${ownerOf(step)} ${end?.model ?? ""}`;
    const before = this.#histories.get(key);
    const after = { first: tokens, peak: tokens, low: 0, turn: parent };
    this.#histories.set(key, before ?? after);
    if (before === undefined) return;
    if (before.turn !== parent) {
      if (this.#isFar(tokens, before.first)) this.#tell(step, parent, tokens, before.first);
      this.#histories.set(key, after);
      return;
    }
    before.low = this.#isFar(tokens, before.peak) ? before.low + 1 : 0;
    before.peak = Math.max(before.peak, tokens);
    if (before.low >= this.#options.calls) {
      this.#tell(step, parent, tokens, before.peak);
      Object.assign(before, { peak: tokens, low: 0 });
    }
  }

  #isFar(tokens: number, from: number): boolean {
    return from >= this.#options.minTokens && tokens < from * (1 - this.#options.share);
  }

  #tell(step: Step, parent: Step, count: number, limit: number): void {
    const spanIds = step.spanId === undefined ? [] : [step.spanId];
    this.#found(ownerOf(step), { reason: "fewer_input_tokens", count, limit, spanIds }, parent);
  }
}
