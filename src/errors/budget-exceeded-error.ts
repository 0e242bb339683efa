import { shownUsd } from "../internal/shown-usd.ts";
import { AgentError } from "./agent-error.ts";

export type BudgetWindowName = "request" | "hour" | "day" | "month";

/** US dollars; times in milliseconds since the epoch. */
export interface BudgetFacts {
  /** Whose budget it is. */
  readonly scope: string;
  readonly window: BudgetWindowName;
  readonly limitUsd: number;
  readonly spentUsd: number;
  /** Of calls under way. */
  readonly reservedUsd: number;
  /** The most that the refused call may cost; `undefined` where that is not known. */
  readonly askedUsd: number | undefined;
  /** When the window ends; `undefined` for that of a request. */
  readonly resetAtMs: number | undefined;
}

/** A call was not made, as it might have cost more than its budget has left. */
export class BudgetExceededError extends AgentError implements BudgetFacts {
  readonly code = "budget_exceeded";
  readonly scope: string;
  readonly window: BudgetWindowName;
  readonly limitUsd: number;
  readonly spentUsd: number;
  readonly reservedUsd: number;
  readonly askedUsd: number | undefined;
  readonly resetAtMs: number | undefined;

  constructor(facts: BudgetFacts) {
    const { scope, window, limitUsd, spentUsd, reservedUsd, askedUsd, resetAtMs } = facts;
    const reserved = reservedUsd > 0 ? ` and ${shownUsd(reservedUsd)} reserved` : "";
    const asked = askedUsd === undefined ? "" : `; the call may need ${shownUsd(askedUsd)}`;
    const reset = resetAtMs === undefined ? "" : `; the window ends at ${new Date(resetAtMs).toISOString()}`;
    super(
      `the ${window} budget of "${scope}" is ${shownUsd(limitUsd)}, with ${shownUsd(spentUsd)} spent${reserved}${asked}${reset}`,
    );
    this.scope = scope;
    this.window = window;
    this.limitUsd = limitUsd;
    this.spentUsd = spentUsd;
    this.reservedUsd = reservedUsd;
    this.askedUsd = askedUsd;
    this.resetAtMs = resetAtMs;
  }
}
