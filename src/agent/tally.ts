import type { CallTotals } from "../telemetry/call-record.ts";
import type { ToldCall } from "./told/beside.ts";

/** Running totals of model calls: grow while an agent works, so that a limit can look at them on the way. */
export class Tally implements CallTotals {
  calls = 0;
  tokens = 0;
  costNanoUsd = 0;
  toolCalls = 0;
  /** Model calls that a framework tells of and that are open now. */
  told: Set<ToldCall> | undefined;

  add(tokens: number, costNanoUsd: number): void {
    this.calls += 1;
    this.tokens += tokens;
    this.costNanoUsd += costNanoUsd;
  }

  snapshot(): CallTotals {
    return { calls: this.calls, tokens: this.tokens, costNanoUsd: this.costNanoUsd };
  }
}
