/** What the cases ask of a breaker, whoever made it. */
export interface BreakerUnderTest {
  readonly state: "closed" | "open" | "half_open";
  call<T>(fn: (signal: AbortSignal | undefined) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Whether an error is its own refusal, and no error of the function. */
  isRefusal(error: unknown): boolean;
  /** Lets time pass, and all that follows from it happen. */
  advance(ms: number): Promise<void>;
  close(): void;
}

export interface Wanted {
  /** Failures after which it opens: in a row, or the nearest that it has. */
  readonly failures?: number;
  /** A rule over a time window in place of that: opens when half of at least five calls have failed. */
  readonly windowMs?: number;
  readonly recoveryMs?: number;
  readonly callTimeoutMs?: number;
  /** Calls that may be under way at once; those beyond are refused by the library itself. */
  readonly capacity?: number;
  readonly onSuccess?: () => void;
}

export type MakeBreaker = (wanted: Wanted) => BreakerUnderTest;
