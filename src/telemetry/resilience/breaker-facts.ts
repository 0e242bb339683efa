/** How often one breaker went one way. */
export interface TransitionCount {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly count: number;
}

/** What one breaker has to tell when metrics are collected. Counts are since it was made. */
export interface BreakerFacts {
  readonly name: string;
  /** By now, also where nobody has called it since. */
  readonly state: string;
  readonly rejections: number;
  readonly lateResults: number;
  readonly ignored: number;
  readonly storeFailures: number;
  readonly transitions: readonly TransitionCount[];
}
