import { checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import type { After } from "../../internal/timers.ts";
import type { Ledger } from "../../stores/ledger/ledger.ts";
import type { Escalation } from "./incident.ts";

/**
 * Tells a human, and with `notificationOnly: false` gives the human's decision: `null` or `undefined` where there is none.
 *
 * @param signal Aborted when the time for it is over.
 */
export type Notify = (escalation: Escalation, signal: AbortSignal) => unknown;

export interface EscalateFallbackOptions {
  /** `false`: calls wait for the decision of the human. @default true */
  readonly notificationOnly?: boolean;
  /** Gets a row of kind `escalation` for each incident, before the human is told. */
  readonly ledger?: Pick<Ledger, "append">;
  /** Incidents that a human is told of in any hour; those beyond are only counted and written down. @default 10 */
  readonly maxTicketsPerHour?: number;
  /** Milliseconds that the human has; after that the answer is no. Only without `notificationOnly`. @default 300_000 */
  readonly decisionTimeoutMs?: number;
  readonly clock?: Clock;
  /** For tests, with a clock that goes with it. */
  readonly after?: After;
}

const MOST_PER_HOUR = 100_000;

export interface CheckedEscalateOptions
  extends Required<Omit<EscalateFallbackOptions, "ledger" | "after">>,
    Pick<EscalateFallbackOptions, "ledger"> {
  /** For time limits and retries: none are those of the process. */
  readonly timers: { readonly after?: After; readonly clock?: Clock };
}

/** @throws RangeError or TypeError that names the option and value. */
export function checkEscalateOptions(
  notify: Notify,
  options: EscalateFallbackOptions,
): CheckedEscalateOptions {
  const { notificationOnly = true, decisionTimeoutMs, ledger } = options;
  if (typeof notify !== "function")
    throw new TypeError(`escalateFallback: notify must be a function, got ${String(notify)}`);
  if (typeof notificationOnly !== "boolean")
    throw new TypeError(
      `escalateFallback: notificationOnly must be true or false, got ${String(notificationOnly)}`,
    );
  if (ledger !== undefined && typeof ledger?.append !== "function")
    throw new TypeError(`escalateFallback: ledger must have an append function, got ${String(ledger)}`);
  if (notificationOnly && decisionTimeoutMs !== undefined) {
    throw new TypeError(
      `escalateFallback: decisionTimeoutMs is for notificationOnly: false, where calls wait; got ${String(decisionTimeoutMs)}`,
    );
  }
  const { after, clock = systemClock } = options;
  return {
    ...(ledger === undefined ? {} : { ledger }),
    notificationOnly,
    maxTicketsPerHour: checkWhole(
      "escalateFallback: maxTicketsPerHour",
      options.maxTicketsPerHour ?? 10,
      1,
      MOST_PER_HOUR,
    ),
    decisionTimeoutMs: decisionTimeoutMs ?? 300_000,
    clock,
    timers: after === undefined ? {} : { after, clock },
  };
}
