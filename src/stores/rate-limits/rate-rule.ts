/** The option that a limit comes from. */
export type LimitName = "perSecond" | "perMinute" | "perDay" | "tokensPerMinute" | "tokensPerDay";

interface Rule {
  readonly name: LimitName;
  readonly of: "calls" | "tokens";
  /** As the option says. */
  readonly amount: number;
  /** Most at once. */
  readonly capacity: number;
}

/** A token bucket: what was used flows off steadily. */
export interface BucketRule extends Rule {
  readonly kind: "bucket";
  /** How much flows off in a millisecond. */
  readonly perMs: number;
}

/** A rolling window in slots: what was used counts until its slot is a whole window old, so that no window holds more than `capacity`. */
export interface WindowRule extends Rule {
  readonly kind: "window";
  /** Milliseconds of a slot; `WINDOW_SLOTS` of them are the window. */
  readonly slotMs: number;
}

/** Plain data, so that any process and any database counts the same. */
export type RateRule = BucketRule | WindowRule;

export const WINDOW_SLOTS = 24;

/** Of a call or a token, for what floating point leaves over. */
export const ALMOST = 1e-6;

/** The longest pause that a provider can ask for, milliseconds. */
export const LONGEST_PAUSE_MS = 300_000;

/**
 * Under what a key is stored, the same in every process and database. What is stored fits rules of one shape only, so the shape is part of
 * it; amounts may change, since what was used is stored, and not what is left. JSON keeps apart what ends and begins alike.
 */
export function storedName(limiter: string, key: string, rules: readonly RateRule[]): string {
  const shape = rules.map(({ name, kind }) => `${name}.${kind}`).join(",");
  return JSON.stringify([limiter, key, shape]);
}
