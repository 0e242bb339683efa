import { parseJson } from "../../internal/plain-json.ts";
import type { StateEntry } from "../../stores/state/state-store.ts";
import type { StateConflict } from "../conflict/strategy.ts";

/** What is there. */
export interface StateValue<T = unknown> {
  /** A copy: to change it changes nothing else. */
  readonly value: T;
  /** From 1, one more with each write. */
  readonly version: number;
  /** Who wrote it. */
  readonly agent: string;
  /** Milliseconds since the epoch, by the writer's clock: to show, never to decide by. */
  readonly atMs: number;
}

export type KeyedStateValue<T = unknown> = StateValue<T> & { readonly key: string };

/** One version of a key. */
export interface StateVersion<T = unknown> extends Omit<StateValue<T>, "value"> {
  /** `undefined`: it was deleted. */
  readonly value: T | undefined;
}

/** What became of a write. */
export interface StateWrite {
  readonly key: string;
  /** `kept`: what was there stays, and nothing was written. `merged`: what was written is made of both. */
  readonly outcome: "written" | "merged" | "kept" | "deleted";
  /** That the key has now. */
  readonly version: number;
  /** Left out where nobody else had written. */
  readonly conflict?: StateConflict;
}

/** @throws TypeError, RangeError or SyntaxError where somebody else has put there what is no plain JSON, or too much of it. */
export function parsedValue(entry: Pick<StateEntry, "key" | "text">, maxBytes: number): unknown {
  if (entry.text === undefined) return undefined;
  return parseJson(`sharedState: the value of ${JSON.stringify(entry.key)}`, entry.text, { maxBytes });
}

export function stateValue<T>(entry: StateEntry, maxBytes: number): StateValue<T> {
  const { version, agent, atMs } = entry;
  return { value: parsedValue(entry, maxBytes) as T, version, agent, atMs };
}
