import { reportFailure } from "../../internal/warn-once.ts";
import type { LetterDepth } from "../../stores/letters/dead-letter-store.ts";
import type { LetterFacts, LetterTeller } from "./letter-metrics.ts";
import type { DeadLetterSettings } from "./letter-options.ts";

/** Beyond, the store is asked again when metrics are collected. */
const FRESH_MS = 10_000;
/** After a change of ours: of a hundred of them the store is asked once. */
const SETTLE_MS = 1_000;

/**
 * What the store said last of its unresolved letters, since collecting metrics waits for nobody. It is asked in the background, and not at all
 * until somebody collects. The timer holds no process, so that one which ends asks nothing more.
 */
export class LetterReport implements LetterTeller {
  readonly #settings: DeadLetterSettings;
  #last: LetterDepth | undefined;
  #askedMs = Number.NEGATIVE_INFINITY;
  #isWanted = false;
  #isPlanned = false;

  constructor(settings: DeadLetterSettings) {
    this.#settings = settings;
  }

  facts(): LetterFacts | undefined {
    const { name, clock } = this.#settings;
    this.#isWanted = true;
    if (clock.monotonic() - this.#askedMs >= FRESH_MS) this.#plan(0);
    if (this.#last === undefined) return undefined;
    const { unresolved, oldestMs } = this.#last;
    const oldestAge = oldestMs === undefined ? 0 : Math.max(0, clock.now() - oldestMs) / 1_000;
    return { queue: name, unresolved, oldestAge };
  }

  changed(): void {
    if (this.#isWanted) this.#plan(SETTLE_MS);
  }

  #plan(ms: number): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#settings.after(ms, () => void this.#ask(), false);
  }

  async #ask(): Promise<void> {
    const { store, name, clock } = this.#settings;
    this.#isPlanned = false;
    this.#askedMs = clock.monotonic();
    try {
      this.#last = await store.depth(name);
    } catch (error) {
      reportFailure("asking a store how many dead letters it has", error);
    }
  }
}
