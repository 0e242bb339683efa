/** `degraded`: it answers, and not as it should. */
export type CheckState = "ok" | "degraded" | "failed";

/** One thing that the program needs. */
export interface Check {
  readonly name: string;
  /** Whether the program is not ready without it. */
  readonly required: boolean;
  /**
   * Looks whether it is there. What it throws is a failure.
   *
   * @param signal Aborted when its time is over.
   */
  run(signal: AbortSignal): Promise<"ok" | "degraded">;
}

/** What came of it. Nothing of an error but its class: messages of databases and providers have addresses and keys in them. */
export interface CheckResult {
  readonly name: string;
  readonly required: boolean;
  readonly state: CheckState;
  readonly durationMs: number;
  /** As `error.type`; `timeout` where it did not answer in time. */
  readonly error: string | undefined;
}
