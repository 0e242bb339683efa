import { checkWhole } from "../../internal/check-number.ts";
import { retryAfterOf } from "./retry-after-of.ts";

export interface CooldownOptions {
  /** After an answer with 429 or 529 that does not say how long. @default 5_000 */
  readonly rateLimitedMs?: number;
  /** After 401, 403 or 404: the key or the name is wrong, and somebody has to put it right. @default 3_600_000 */
  readonly misconfiguredMs?: number;
  /** The most that is waited because a provider asks for it, up to 300_000. @default 300_000 */
  readonly maxRetryAfterMs?: number;
}

/** How long a model is left alone, and why. */
export interface Cooldown {
  readonly kind: "rate_limited" | "misconfigured";
  readonly ms: number;
  readonly status: number;
}

const DAY_MS = 86_400_000;
const LONGEST_MS = 300_000;
const RATE_LIMITED = [429, 529];
const MISCONFIGURED = [401, 403, 404];

/** @throws RangeError that names the option, what it allows and the value. */
export function cooldownSettings(options: CooldownOptions = {}): Required<CooldownOptions> {
  const { rateLimitedMs = 5_000, misconfiguredMs = 3_600_000, maxRetryAfterMs = LONGEST_MS } = options;
  checkWhole("modelRouter: cooldowns.rateLimitedMs", rateLimitedMs, 0, DAY_MS);
  checkWhole("modelRouter: cooldowns.misconfiguredMs", misconfiguredMs, 0, DAY_MS);
  checkWhole("modelRouter: cooldowns.maxRetryAfterMs", maxRetryAfterMs, 0, LONGEST_MS);
  return { rateLimitedMs, misconfiguredMs, maxRetryAfterMs };
}

/** @param nowMs Wall clock, for a Retry-After that names a date. @returns `undefined` for what calls for no cooldown. */
export function cooldownAfter(
  error: unknown,
  settings: Required<CooldownOptions>,
  nowMs: number,
): Cooldown | undefined {
  const status = statusOf(error);
  if (status === undefined) return undefined;
  if (MISCONFIGURED.includes(status)) return { kind: "misconfigured", ms: settings.misconfiguredMs, status };
  const askedMs = retryAfterOf(error, nowMs);
  // A server that fails and says when to come back is not asked before that, whatever its breaker thinks.
  const isPaused = RATE_LIMITED.includes(status) || (status >= 500 && askedMs !== undefined);
  if (!isPaused) return undefined;
  const ms = Math.min(askedMs ?? settings.rateLimitedMs, settings.maxRetryAfterMs);
  return { kind: "rate_limited", ms, status };
}

/** Of an answer that a provider's client threw as an error. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { status, statusCode } = error as { status?: unknown; statusCode?: unknown };
  const code = typeof status === "number" ? status : statusCode;
  return typeof code === "number" ? code : undefined;
}
