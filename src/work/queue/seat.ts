/** The right of one task to run somewhere. */
export interface Seat {
  /**
   * The task has begun, or its caller gave up first.
   *
   * @param answer What the caller gets; may settle before the task does.
   * @returns Resolves when the answer has been judged: only then may the seat be given to another task. Never rejects.
   */
  answering(answer: Promise<unknown>): Promise<unknown>;
  /** The task has settled, or was never begun. */
  release(): void;
}

/** Where the tasks of a lane run, if that is not all the same to the queue. */
export interface Seats {
  hasRoom(): boolean;
  /** Called only where there is room, in the same turn. @param signal The caller's. */
  take(signal: AbortSignal | undefined): Seat;
}

/** What a queue runs. The seat is one of its lane's, where that has seats. */
export type SeatedTask<T> = (signal: AbortSignal, seat: Seat | undefined) => T | PromiseLike<T>;
