import type { Clock } from "../../internal/clock.ts";
import type { Waits } from "../../internal/shared-waits.ts";
import type { After } from "../../internal/timers.ts";
import type { Policy } from "../../resilience/policy.ts";
import type { QueueMetrics } from "./queue-metrics.ts";

/** The options of a queue, checked, with their defaults. */
export interface QueueSettings {
  readonly name: string;
  readonly concurrency: number;
  readonly maxQueue: number;
  readonly agingMs: number;
  /** Whether tasks of one turn of the event loop are put in order first, and started after it. */
  readonly startsLater: boolean;
  readonly clock: Clock;
  /** Monotonic milliseconds of that clock, or of one that is a millisecond behind while it is asked all the time. */
  readonly now: () => number;
  /** A test's own, in place of the timers of this process. */
  readonly after: After | undefined;
  readonly waits: Pick<Waits, "of">;
  readonly metrics: QueueMetrics;
}

/** What one task asks for. */
export interface Ticket {
  /** 1 (highest) to 10. */
  readonly priority: number;
  /** Milliseconds from now in which it must be done. */
  readonly deadlineMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** What it runs under, where it has no deadline. */
  readonly limit: Policy | undefined;
}
