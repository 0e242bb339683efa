import { checkName } from "../../internal/check-name.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import type { Check } from "./check.ts";
import { type CollectorOptions, collectorCheck } from "./collector-check.ts";
import { type ProviderOptions, providerCheck } from "./provider-check.ts";
import { type CheckedStore, type StoreOptions, storeCheck } from "./store-check.ts";

export interface OwnCheck {
  readonly name: string;
  /** Throws or rejects where it is not there. Returning `"degraded"` says that it is, and not as it should be. */
  readonly check: (signal: AbortSignal) => unknown;
  /** @default true */
  readonly required?: boolean;
}

export interface ReadinessOptions {
  /** Each asked for its list of models, unless it says otherwise. */
  readonly providers?: readonly ProviderOptions[];
  readonly stores?: readonly (CheckedStore | StoreOptions)[];
  /** `true`: where the environment says that traces go. @default not looked at */
  readonly collector?: boolean | CollectorOptions;
  readonly checks?: readonly OwnCheck[];
  /** Of each check, milliseconds; all run at once. 10 to 60,000. @default 2_000 */
  readonly timeoutMs?: number;
  /** An answer that takes longer is degraded, milliseconds. @default half of `timeoutMs` */
  readonly slowMs?: number;
  /** For so long an answer is given again, milliseconds: probes come every second, and providers count requests. 0 to an hour. @default 10_000 */
  readonly cacheMs?: number;
  readonly clock?: Clock;
  /** For tests. */
  readonly after?: After;
}

/** The options, checked, with their defaults. */
export interface ReadinessSettings {
  readonly checks: readonly Check[];
  readonly timeoutMs: number;
  readonly slowMs: number;
  readonly cacheMs: number;
  readonly clock: Clock;
  readonly after: After;
}

const MOST_CHECKS = 100;

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function readinessSettings(options: ReadinessOptions): ReadinessSettings {
  const timeoutMs = checkWhole("readiness: timeoutMs", options.timeoutMs ?? 2_000, 10, 60_000);
  const { providers = [], stores = [], collector = false, checks = [] } = options;
  const all = [
    ...providers.map((each) => providerCheck(each, timeoutMs)),
    ...stores.map((each, i) => storeCheck(namedStore(each, i))),
    ...(collector === false ? [] : [collectorCheck(collector === true ? {} : collector)]),
    ...checks.map(ownCheck),
  ];
  checkWhole("readiness: number of checks", all.length, 0, MOST_CHECKS);
  for (const [i, { name }] of all.entries())
    if (all.findIndex((other) => other.name === name) !== i)
      throw new TypeError(`readiness: names of checks must differ, got ${JSON.stringify(name)} twice`);
  return {
    checks: all,
    timeoutMs,
    slowMs: checkWhole("readiness: slowMs", options.slowMs ?? Math.ceil(timeoutMs / 2), 1, timeoutMs),
    cacheMs: checkWhole("readiness: cacheMs", options.cacheMs ?? 10_000, 0, 3_600_000),
    clock: options.clock ?? systemClock,
    after: options.after ?? systemAfter,
  };
}

function namedStore(each: CheckedStore | StoreOptions, i: number): StoreOptions {
  const usual = i === 0 ? "store" : `store-${i + 1}`;
  return "store" in each ? { name: usual, ...each } : { name: usual, store: each };
}

function ownCheck({ name, check, required = true }: OwnCheck): Check {
  checkName("readiness: checks", name);
  if (typeof check !== "function")
    throw new TypeError(`readiness: check "${name}" must have a function check, got ${typeof check}`);
  return {
    name,
    required,
    run: async (signal) => ((await check(signal)) === "degraded" ? "degraded" : "ok"),
  };
}
