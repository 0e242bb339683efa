import type { Clock } from "../../internal/clock.ts";

/** One go at one tier. What it says counts only while the ladder stands as it stood when it began. */
export interface Attempt {
  /** Position of the tier, 0 the best. */
  readonly level: number;
  readonly generation: number;
  readonly isTrial: boolean;
}

interface Trial {
  readonly attempt: Attempt;
  readonly leaseUntilMs: number;
}

/**
 * Where a service stands: down by one with a failure of the tier that it stands on, up by one with a trial call that succeeds. One trial
 * call at a time, and the first one a whole interval after the last change; one that hangs for as long makes room for another.
 */
export class TierLadder {
  readonly #floor: number;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #changed: (level: number) => void;
  #level = 0;
  #generation = 0;
  #sinceMs: number;
  #trial: Trial | undefined;

  /** @param floor The lowest level that it can stand on. */
  constructor(floor: number, intervalMs: number, clock: Clock, changed: (level: number) => void) {
    this.#floor = floor;
    this.#intervalMs = intervalMs;
    this.#clock = clock;
    this.#changed = changed;
    this.#sinceMs = clock.monotonic();
  }

  get level(): number {
    return this.#level;
  }

  /** Where a call begins: on the tier that the service stands on, or as the trial call of the one above. */
  begin(): Attempt {
    if (!this.#wantsTrial()) return this.#attempt(this.#level, false);
    const attempt = this.#attempt(this.#level - 1, true);
    this.#trial = { attempt, leaseUntilMs: this.#clock.monotonic() + this.#intervalMs };
    return attempt;
  }

  /** Where a call goes on: lower, and past the tiers that others have found broken in the meantime. */
  below({ level }: Attempt): Attempt {
    return this.#attempt(Math.max(level + 1, this.#level), false);
  }

  succeeded(attempt: Attempt): void {
    if (this.#isTrial(attempt)) this.#stand(attempt.level);
  }

  failed(attempt: Attempt): void {
    if (attempt.isTrial) {
      if (this.#isTrial(attempt)) this.#wait();
      return;
    }
    const counts = attempt.generation === this.#generation && attempt.level === this.#level;
    if (counts && this.#level < this.#floor) this.#stand(this.#level + 1);
  }

  /** It said nothing about the tier: the next call may be the trial. */
  saidNothing(attempt: Attempt): void {
    if (this.#isTrial(attempt)) this.#trial = undefined;
  }

  recover(): void {
    if (this.#level > 0) this.#stand(0);
  }

  #wantsTrial(): boolean {
    if (this.#level === 0) return false;
    const now = this.#clock.monotonic();
    return (
      now - this.#sinceMs >= this.#intervalMs &&
      (this.#trial === undefined || now >= this.#trial.leaseUntilMs)
    );
  }

  #isTrial(attempt: Attempt): boolean {
    return this.#trial?.attempt === attempt;
  }

  #attempt(level: number, isTrial: boolean): Attempt {
    return { level, generation: this.#generation, isTrial };
  }

  #stand(level: number): void {
    this.#level = level;
    this.#generation += 1;
    this.#wait();
    this.#changed(level);
  }

  #wait(): void {
    this.#trial = undefined;
    this.#sinceMs = this.#clock.monotonic();
  }
}
