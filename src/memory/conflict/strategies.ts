import { isPlainObject } from "../../internal/plain-json.ts";
import { firstWriteWins } from "./first-write-wins.ts";
import { lastWriteWins } from "./last-write-wins.ts";
import { merge } from "./merge.ts";
import { mergeArrays } from "./merge-arrays.ts";
import { ownStrategy, type ResolveConflict } from "./own-strategy.ts";
import { reject } from "./reject.ts";
import type { ConflictStrategy } from "./strategy.ts";

export type StrategyName = "last-write-wins" | "first-write-wins" | "merge" | "merge-arrays" | "reject";

export type StrategyChoice = StrategyName | ResolveConflict;

/** Strategies of single keys. */
export interface StrategyByKey {
  /** Of all other keys. @default "reject" */
  readonly default?: StrategyChoice;
  readonly keys: Readonly<Record<string, StrategyChoice>>;
}

export interface Strategies {
  /** Of keys that have none of their own. */
  readonly usual: ConflictStrategy;
  of(key: string): ConflictStrategy;
}

const KNOWN: ReadonlyMap<unknown, ConflictStrategy> = new Map(
  [lastWriteWins, firstWriteWins, merge, mergeArrays, reject].map((strategy) => [strategy.name, strategy]),
);

/** @throws TypeError that names what is no strategy, and those that are. */
export function strategiesOf(choice: StrategyChoice | StrategyByKey = "reject"): Strategies {
  if (!isPlainObject(choice)) {
    const usual = strategyOf("strategy", choice);
    return { usual, of: () => usual };
  }
  const { default: byDefault = "reject", keys } = choice as StrategyByKey;
  if (!isPlainObject(keys))
    throw new TypeError("sharedState: strategy.keys must be an object with a strategy for each key");
  const usual = strategyOf("strategy.default", byDefault);
  const byKey = new Map(
    Object.entries(keys).map(([key, one]) => [key, strategyOf(`strategy.keys[${JSON.stringify(key)}]`, one)]),
  );
  return { usual, of: (key) => byKey.get(key) ?? usual };
}

function strategyOf(option: string, choice: unknown): ConflictStrategy {
  if (typeof choice === "function") return ownStrategy(choice as ResolveConflict);
  const known = KNOWN.get(choice);
  if (known !== undefined) return known;
  const names = [...KNOWN.keys()].map((name) => JSON.stringify(name)).join(", ");
  const got = typeof choice === "string" ? JSON.stringify(choice) : String(choice);
  throw new TypeError(`sharedState: ${option} must be one of ${names} or a function, got ${got}`);
}
