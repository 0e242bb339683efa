import type { Alert } from "./alert.ts";

export type SendResult =
  | { readonly kind: "sent" }
  /** Not now: it is tried again. */
  | { readonly kind: "again"; readonly afterMs?: number | undefined }
  /** It would not be taken the next time either. */
  | { readonly kind: "refused" };

/** Where alerts go. */
export interface AlertChannel {
  /** As `webhook`; stands in diagnostics. */
  readonly name: string;
  /** Messages in a minute; what is more is said in one summary. 1 to 6,000. @default 10 */
  readonly maxPerMinute?: number;
  /** Whether it keeps alerts open until they are resolved, as PagerDuty does. @default false */
  readonly keepsState?: boolean;
  /**
   * Sends one alert; never called while the last one is under way. Returning nothing: it was sent. What it throws is reported, and the alert is
   * lost.
   *
   * @param signal Aborted when there is no more time.
   */
  send(alert: Alert, signal: AbortSignal): SendResult | undefined | Promise<SendResult | undefined>;
}
