import { checkKey } from "../../internal/check-key.ts";
import { jsonText } from "../../internal/plain-json.ts";
import type { StateEntry } from "../../stores/state/state-store.ts";
import type { CommitRequest } from "./commit.ts";
import type { StateSettings } from "./state-options.ts";
import { parsedValue } from "./state-values.ts";

/**
 * All of a state as it was when the session began, with the session's own writes over it. Nobody else sees these before its end, when all
 * of them are written in one step. After that it refuses use.
 */
export class StateSession {
  readonly #settings: StateSettings;
  readonly #seen: ReadonlyMap<string, StateEntry>;
  /** JSON; `undefined` deletes. */
  readonly #written = new Map<string, string | undefined>();
  readonly #read = new Set<string>();
  #hasListed = false;
  #hasEnded = false;

  constructor(settings: StateSettings, seen: readonly StateEntry[]) {
    this.#settings = settings;
    this.#seen = new Map(seen.map((entry) => [entry.key, entry]));
  }

  /** @returns A copy; `undefined` where the key is not there. @throws TypeError on a bad key, and after the end. */
  read<T = unknown>(key: string): T | undefined {
    this.#check("read", key);
    this.#read.add(key);
    const text = this.#written.has(key) ? this.#written.get(key) : this.#seen.get(key)?.text;
    return parsedValue({ key, text }, this.#settings.maxBytes) as T | undefined;
  }

  /** @throws TypeError or RangeError on a bad key or value, and after the end. */
  write(key: string, value: unknown): void {
    this.#check("write", key);
    const { maxBytes } = this.#settings;
    this.#written.set(key, jsonText("sharedState: session.write: value", value, { maxBytes }));
  }

  /** @throws TypeError on a bad key, and after the end. */
  delete(key: string): void {
    this.#check("delete", key);
    this.#written.set(key, undefined);
  }

  /** Sorted. @throws TypeError after the end. */
  keys(): readonly string[] {
    this.#checkOpen();
    this.#hasListed = true;
    const all = [...this.#seen.keys(), ...this.#written.keys()];
    return [...new Set(all)].filter((key) => this.#isThere(key)).sort();
  }

  /** Ends it. @returns What is to be written, and what must not have changed for that. */
  end(): Pick<CommitRequest, "changes" | "checks" | "listed"> {
    this.#hasEnded = true;
    const { strategies } = this.#settings;
    const onlyRead = [...this.#read].filter((key) => !this.#written.has(key));
    return {
      changes: [...this.#written].map(([key, text]) => {
        const seen = this.#seen.get(key);
        return { key, text, expected: seen?.version ?? 0, base: seen?.text };
      }),
      checks: onlyRead
        .filter((key) => strategies.of(key).name === "reject")
        .map((key) => ({ key, version: this.#seen.get(key)?.version ?? 0 })),
      listed: this.#hasListed && strategies.usual.name === "reject" ? new Set(this.#seen.keys()) : undefined,
    };
  }

  #isThere(key: string): boolean {
    return this.#written.has(key) ? this.#written.get(key) !== undefined : this.#seen.has(key);
  }

  #check(method: string, key: unknown): void {
    this.#checkOpen();
    checkKey(`sharedState: session.${method}: key`, key);
  }

  #checkOpen(): void {
    if (this.#hasEnded) throw new TypeError("sharedState: the session has ended; begin another one");
  }
}
