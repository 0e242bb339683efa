/** As PagerDuty has them. */
export type AlertSeverity = "critical" | "error" | "warning" | "info";

/** What a channel sends. Names and numbers alone: no prompts, no answers, no messages of errors. */
export interface Alert {
  /** The same for each message about one rule and subject: to put a resolved one to the one that fired. */
  readonly key: string;
  readonly state: "firing" | "resolved";
  /** As `error`, `cost`, `breaker_open`; `held_back` for a summary of alerts that were too many. */
  readonly rule: string;
  /** What it is about: an agent, a workflow, a breaker, a budget, a queue. */
  readonly subject: string;
  readonly severity: AlertSeverity;
  /** One line. */
  readonly summary: string;
  /** When it began to fire. */
  readonly since: Date;
  readonly at: Date;
  /** How often it was seen since it began to fire. */
  readonly count: number;
  readonly facts: Readonly<Record<string, string | number>>;
  /** Of the last time that it was seen, where there was one. */
  readonly traceId: string | undefined;
  /** Which program says so. */
  readonly service: string;
}

export function alertKey(rule: string, subject: string): string {
  return `${rule}:${subject}`;
}
