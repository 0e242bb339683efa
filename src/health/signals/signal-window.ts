import type { SignalCounts } from "./signal-counts.ts";

type Counts = ReadonlyMap<string, SignalCounts>;

/** Counts that only grow, looked at from time to time: what was added within a window. */
export class SignalWindow {
  readonly #windowMs: number;
  /** The oldest is the first one within the window, so that nothing counts for longer than that. */
  #samples: readonly { readonly atMs: number; readonly counts: Counts }[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** @param atMs Monotonic; never less than before. What was counted up to the first sample is no part of any window. */
  sample(atMs: number, counts: Counts): void {
    const samples = [...this.#samples, { atMs, counts }];
    this.#samples = samples.filter((sample) => sample.atMs >= atMs - this.#windowMs);
  }

  /** Added between the first sample in the window and the last. Names without a change are left out. */
  added(): Counts {
    const added = new Map<string, SignalCounts>();
    const first = this.#samples[0]?.counts;
    for (const [name, now] of this.#samples.at(-1)?.counts ?? []) {
      const change = difference(now, first?.get(name));
      if (change.rejections + change.fallbacks + change.quarantinedReads > 0) added.set(name, change);
    }
    return added;
  }
}

/** Never less than 0: a part of the program that was closed may have taken its counts with it. */
function difference(now: SignalCounts, before: SignalCounts | undefined): SignalCounts {
  return {
    rejections: Math.max(0, now.rejections - (before?.rejections ?? 0)),
    fallbacks: Math.max(0, now.fallbacks - (before?.fallbacks ?? 0)),
    quarantinedReads: Math.max(0, now.quarantinedReads - (before?.quarantinedReads ?? 0)),
  };
}
