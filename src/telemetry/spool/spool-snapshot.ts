/** Where every span of an exporter is, at one moment. */
export interface SpoolSnapshot {
  /** Spans that were given to the exporter, since it was made. */
  readonly created: number;
  /** Spans of earlier processes that were found in the directory. */
  readonly recovered: number;
  readonly delivered: number;
  /** Spans that the receiver refused one by one (partial success). */
  readonly rejected: number;
  /** By reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Spans that wait for their batch: not accepted yet. */
  readonly inMemory: number;
  /** Spans in the queue, those on their way included. */
  readonly inSpool: number;
  readonly frames: number;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly oldestMs: number | undefined;
  readonly corruptFrames: number;
  /** Requests that have to be sent again. */
  readonly retries: number;
  /** Requests that another endpoint took, since theirs was given up. */
  readonly failovers: number;
}
