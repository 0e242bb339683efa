import type { Clock } from "../../../internal/clock.ts";

export const SEGMENT_SUFFIX = ".seg";

/** Names for the segments of one queue, unlike every other name, also after they were moved: time, so that they sort; owner; number. */
export class SegmentNames {
  readonly #clock: Clock;
  #count = 0;
  #lastMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param owner Name of the directory that it is made in. */
  next(owner: string): string {
    // A clock that is set back would put new frames before old ones.
    this.#lastMs = Math.max(this.#lastMs, Math.trunc(this.#clock.now()));
    this.#count += 1;
    const [time, count] = [String(this.#lastMs).padStart(15, "0"), String(this.#count).padStart(8, "0")];
    return `${time}-${owner.replace(/^live-/, "")}-${count}${SEGMENT_SUFFIX}`;
  }
}
