import type { RateRequest } from "./ask.ts";

/** Leave to make one call. */
export interface RatePermit {
  /** Milliseconds that it was waited for. */
  readonly waitedMs: number;
  /** The tokens that the call took: corrects what was expected. Counts once. @throws RangeError on what is no whole number from 0. */
  report(actualTokens: number): void;
}

/** Which call a report is about, where there is no permit. */
export interface ReportedCall extends Pick<RateRequest, "key"> {
  /** What it was let through with. @default the option `tokens` */
  readonly tokens?: number;
}
