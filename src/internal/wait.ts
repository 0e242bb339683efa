/** A place in a ring of waits. One that stands in none is linked to itself. */
export interface Link {
  previous: Link;
  next: Link;
}

/** Something that ends when its time is over, unless it is taken out before. */
export interface Wait extends Link {
  /** When it ends, monotonic milliseconds. Set by the list. */
  endMs: number;
  /** Its time is over. Called from a timer, in no async context of its own; must not throw. */
  timeOver(): void;
}
