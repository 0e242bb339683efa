import { StateConflictError } from "../../errors/state-conflict-error.ts";
import { jsonText } from "../../internal/plain-json.ts";
import type { StateChange, StateEntry } from "../../stores/state/state-store.ts";
import type { ConflictStrategy, Resolution, StateConflict } from "../conflict/strategy.ts";
import type { StateSettings } from "./state-options.ts";
import { parsedValue, type StateWrite } from "./state-values.ts";

/** What one who writes wants. */
export interface Attempt {
  readonly key: string;
  /** JSON; `undefined` deletes. */
  readonly text: string | undefined;
  /** The version that he had seen, 0: it was not there; `undefined`: he did not look. */
  readonly expected: number | undefined;
  /** The value that he had seen, as JSON, where he has kept it. */
  readonly base?: string | undefined;
}

/** A change on its way into the store, which may meet what others have written. */
export class AttemptedChange {
  readonly key: string;
  readonly #settings: StateSettings;
  readonly #agent: string;
  readonly #attempt: Attempt;
  readonly #strategy: ConflictStrategy;
  #text: string | undefined;
  #expected: number | undefined;
  #conflict: StateConflict | undefined;
  #outcome: "written" | "merged" | "kept" = "written";

  constructor(settings: StateSettings, agent: string, attempt: Attempt) {
    this.key = attempt.key;
    this.#settings = settings;
    this.#agent = agent;
    this.#attempt = attempt;
    this.#strategy = settings.strategies.of(attempt.key);
    this.#text = attempt.text;
    this.#expected = attempt.expected;
  }

  /** As it is sent. */
  get change(): StateChange {
    return { key: this.key, text: this.#text, agent: this.#agent, expected: this.#expected };
  }

  get isKept(): boolean {
    return this.#outcome === "kept";
  }

  /**
   * Has the strategy decide.
   *
   * @param isLast It has been tried often enough.
   * @throws StateConflictError; what a strategy of the user throws; TypeError or RangeError where its value is no plain JSON.
   */
  async meet(entry: StateEntry, isLast: boolean): Promise<void> {
    const { expected, text } = this.#attempt;
    // It was not there, and is not, whatever was between.
    if (expected === 0 && entry.text === undefined) {
      this.#become("written", text, entry.version, undefined);
      return;
    }
    const conflict = await this.conflictWith(entry);
    const resolution: Resolution = isLast ? { kind: "reject" } : await this.#strategy.resolve(conflict);
    switch (resolution.kind) {
      case "reject":
        throw new StateConflictError(conflict);
      case "keep":
        this.#become("kept", undefined, entry.version, conflict);
        return;
      case "overwrite":
        this.#become("written", text, undefined, conflict);
        return;
      case "combine":
        this.#become("merged", this.#checked(resolution.value), entry.version, conflict);
    }
  }

  async conflictWith(entry: StateEntry): Promise<StateConflict> {
    const { name, maxBytes } = this.#settings;
    const { key, text, expected = 0 } = this.#attempt;
    const base = this.#strategy.needsBase ? await this.#base() : undefined;
    return {
      state: name,
      key,
      current: parsedValue(entry, maxBytes),
      currentVersion: entry.version,
      modifiedBy: entry.agent,
      attempted: parsedValue({ key, text }, maxBytes),
      expectedVersion: expected,
      agent: this.#agent,
      ...(base === undefined ? {} : { base: parsedValue({ key, text: base }, maxBytes) }),
    };
  }

  /** @param version That it has by the commit; `undefined` where nothing was sent for it. */
  ended(version: number | undefined): StateWrite {
    const conflict = this.#conflict;
    return {
      key: this.key,
      outcome: this.#outcome === "written" && this.#text === undefined ? "deleted" : this.#outcome,
      version: version ?? this.#expected ?? 0,
      ...(conflict === undefined ? {} : { conflict }),
    };
  }

  #become(
    outcome: "written" | "merged" | "kept",
    text: string | undefined,
    expected: number | undefined,
    conflict: StateConflict | undefined,
  ): void {
    this.#outcome = outcome;
    this.#text = text;
    this.#expected = expected;
    this.#conflict = conflict;
  }

  /** As JSON. */
  async #base(): Promise<string | undefined> {
    const { base, expected } = this.#attempt;
    if (base !== undefined || expected === 0) return base;
    const versions = await this.#settings.store.history(this.#settings.name, this.key);
    return versions.find(({ version }) => version === expected)?.text;
  }

  #checked(value: unknown): string | undefined {
    if (value === undefined) return undefined;
    const what = `sharedState: the value of ${JSON.stringify(this.key)} by its strategy`;
    return jsonText(what, value, { maxBytes: this.#settings.maxBytes });
  }
}
