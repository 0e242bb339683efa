import { checkUsage } from "../../cost/check-usage.ts";
import type { TokenUsage } from "../../cost/token-usage.ts";
import { isAgentError } from "../../errors/agent-error.ts";
import { checkBetween } from "../../internal/check-number.ts";
import { safely, warnOnce } from "../../internal/warn-once.ts";
import { classifyError } from "../../resilience/classify-error.ts";
import { type Charge, failedNanoUsd } from "./charges.ts";
import { type Cooldown, cooldownAfter, statusOf } from "./cooldown.ts";
import type { ModelEntry } from "./model-entry.ts";
import type { ModelRouterSettings } from "./router-options.ts";

/** What a call has cost: its usage, or the amount where the provider says it. */
export type ActualCost =
  | {
      readonly usage: TokenUsage;
      /** The model that answered, where it is another one than was asked for. */
      readonly responseModel?: string;
    }
  /** US dollars. */
  | { readonly costUsd: number };

const MAX_USD = 1_000_000;
const NANO = 1e9;

/** What the end of a call means for its model: breaker and cooldown. */
export class CallOutcomes {
  readonly #settings: ModelRouterSettings;

  constructor(settings: ModelRouterSettings) {
    this.#settings = settings;
  }

  succeeded({ breaker }: ModelEntry): void {
    const { breakers, tellsBreakers } = this.#settings;
    if (tellsBreakers && breakers.has(breaker))
      safely("telling a breaker of a call", () => breakers.get(breaker).recordSuccess());
  }

  failed(entry: ModelEntry, error: unknown): void {
    const { cooldowns, clock } = this.#settings;
    const cooldown = cooldownAfter(error, cooldowns, clock.now());
    if (cooldown !== undefined) this.#cool(entry, cooldown);
    this.#tellBreaker(entry, error);
  }

  #cool(entry: ModelEntry, { kind, ms, status }: Cooldown): void {
    const untilMs = this.#settings.clock.monotonic() + ms;
    entry.coolingUntilMs = Math.max(entry.coolingUntilMs, untilMs);
    if (kind !== "misconfigured") return;
    const { name } = this.#settings;
    warnOnce(
      `router-misconfigured:${name}:${entry.provider}:${entry.name}:${status}`,
      `the model router "${name}" leaves ${entry.name} alone for ${ms} ms, since its provider answered with ${status}: ` +
        "its key, its rights or its name is wrong",
    );
  }

  #tellBreaker({ breaker }: ModelEntry, error: unknown): void {
    const { breakers, tellsBreakers } = this.#settings;
    if (!tellsBreakers || classifyError(error) === "ignored") return;
    safely("telling a breaker of a call", () => breakers.get(breaker).recordFailure(error));
  }
}

/**
 * Nano-dollars.
 *
 * @returns The estimate where the price is not known any more.
 * @throws RangeError on an amount or on usage that cannot be.
 */
export function actualNanoUsd(actual: ActualCost, { entry, atMs, nanoUsd }: Charge): number {
  if ("costUsd" in actual) {
    checkBetween("modelRouter: costUsd", actual.costUsd, 0, MAX_USD);
    return Math.round(actual.costUsd * NANO);
  }
  checkUsage("modelRouter", actual.usage);
  return entry.nanoUsd(actual.usage, atMs, actual.responseModel) ?? nanoUsd;
}

/** @returns Nano-dollars that a call is taken to have cost that failed; `undefined` where it was not begun. */
export function failureNanoUsd(error: unknown, charge: Charge): number | undefined {
  return wasRefused(error) ? undefined : failedNanoUsd(charge);
}

/** By us, or by the provider before it began: an answer from 400 to 499, except 408, which is a timeout. */
function wasRefused(error: unknown): boolean {
  if (isAgentError(error)) return error.code !== "timeout";
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500 && status !== 408;
}
