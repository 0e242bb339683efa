import { checkKey } from "../../internal/check-key.ts";
import { checkName } from "../../internal/check-name.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import { memoryState } from "../../stores/state/memory-state.ts";
import type { StateStore } from "../../stores/state/state-store.ts";
import type { MetricSources } from "../../telemetry/metric-sources.ts";
import {
  type Strategies,
  type StrategyByKey,
  type StrategyChoice,
  strategiesOf,
} from "../conflict/strategies.ts";
import { askedStore } from "./asked-store.ts";

/** All have defaults. */
export interface SharedStateOptions {
  /** Which state of the store it is; shows up in errors and metrics. Fixed: it becomes a metric label. @default "state" */
  readonly name?: string;
  /** What becomes of a write whose key somebody else has written since it was read. @default "reject" */
  readonly strategy?: StrategyChoice | StrategyByKey;
  /** Shares it with other processes, such as `sqliteStore()`. @default this process has its own, gone when it ends */
  readonly store?: { readonly name?: string; readonly state?: StateStore };
  /** Keys that it may have, 1 to 1,000,000: a session copies all of them. @default 10_000 */
  readonly maxKeys?: number;
  /** Of one value as JSON, 2 bytes to 64 MiB. @default 1 MiB */
  readonly maxBytes?: number;
  readonly clock?: Clock;
  /** For tests. */
  readonly after?: After;
  /** For tests: jitter of pauses. From 0 to 1, as `Math.random`, the default. */
  readonly random?: () => number;
  /** Where it tells its metrics. @default those of this process */
  readonly metrics?: MetricSources;
}

/** The options, checked, with their defaults. */
export interface StateSettings {
  readonly name: string;
  readonly strategies: Strategies;
  readonly store: StateStore;
  /** How many keys there are, where that costs nothing to know. */
  readonly size: (() => number) | undefined;
  readonly maxKeys: number;
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly after: After;
  readonly random: () => number;
}

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function stateSettings(options: SharedStateOptions): StateSettings {
  const { name = "state", strategy, store, clock = systemClock } = options;
  checkName("sharedState", name);
  checkKey("sharedState: name", name);
  if (store !== undefined && store?.state === undefined)
    throw new TypeError(
      "sharedState: store must be one that has shared state: sqliteStore, postgresStore or redisStore",
    );
  const own = store === undefined ? memoryState(clock) : undefined;
  return {
    name,
    strategies: strategiesOf(strategy),
    store: own ?? askedStore(store?.name ?? "of shared state", store!.state!),
    size: own === undefined ? undefined : () => own.size(name),
    maxKeys: checkWhole("sharedState: maxKeys", options.maxKeys ?? 10_000, 1, 1_000_000),
    maxBytes: checkWhole("sharedState: maxBytes", options.maxBytes ?? 1_048_576, 2, 67_108_864),
    clock,
    after: options.after ?? systemAfter,
    random: options.random ?? Math.random,
  };
}
