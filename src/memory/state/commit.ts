import { noteRun } from "../../agent/goal.ts";
import { LockLostError } from "../../errors/lock-lost-error.ts";
import { StateConflictError } from "../../errors/state-conflict-error.ts";
import { pause } from "../../internal/pause.ts";
import { safely } from "../../internal/warn-once.ts";
import type { StateAnswer, StateCheck, StateEntry, StateFence } from "../../stores/state/state-store.ts";
import { type Attempt, AttemptedChange } from "./attempted-change.ts";
import type { StateSettings } from "./state-options.ts";
import type { StateReport } from "./state-report.ts";
import type { StateWrite } from "./state-values.ts";

/** As often one commit is sent. Somebody else's went through each time that it failed. */
const MOST_TRIES = 100;
/** The longest pause between two, milliseconds. */
const LONGEST_PAUSE_MS = 100;

export interface CommitRequest {
  readonly agent: string;
  /** Each key at most once. */
  readonly changes: readonly Attempt[];
  /** Keys that were only read. */
  readonly checks: readonly StateCheck[];
  /** All keys that were there, where they were listed. */
  readonly listed: ReadonlySet<string> | undefined;
  readonly fences: readonly StateFence[];
  readonly signal: AbortSignal | undefined;
}

/**
 * Writes all of it or nothing: by comparing versions, in one step of the store. Where somebody has written in between, the strategy of the
 * key decides by what is there by then, and all of it is sent again.
 *
 * @throws StateConflictError, LockLostError, RangeError where there are too many keys, StoreUnusableError, what a strategy throws and the
 *   reason of the signal. Nothing was written then, unless it was the store that failed.
 */
export async function commit(
  settings: StateSettings,
  report: StateReport,
  request: CommitRequest,
): Promise<readonly StateWrite[]> {
  try {
    const writes = await new Commit(settings, report, request).send();
    report.committed(writes);
    safely("noting how far a run is", () => noteRun("progress"));
    return writes;
  } catch (error) {
    report.failed(error);
    throw error;
  }
}

class Commit {
  readonly #settings: StateSettings;
  readonly #report: StateReport;
  readonly #request: CommitRequest;
  readonly #changes: ReadonlyMap<string, AttemptedChange>;
  readonly #checks: Map<string, number>;

  constructor(settings: StateSettings, report: StateReport, request: CommitRequest) {
    this.#settings = settings;
    this.#report = report;
    this.#request = request;
    this.#changes = new Map(
      request.changes.map((attempt) => [attempt.key, new AttemptedChange(settings, request.agent, attempt)]),
    );
    this.#checks = new Map(request.checks.map(({ key, version }) => [key, version]));
  }

  async send(): Promise<readonly StateWrite[]> {
    const { after, random } = this.#settings;
    const { signal } = this.#request;
    for (let tries = 1; ; tries++) {
      signal?.throwIfAborted();
      const sent = [...this.#changes.values()].filter((change) => !change.isKept);
      if (sent.length === 0) return this.#ended(new Map());
      const answer = await this.#ask(sent);
      if (answer.kind === "committed")
        return this.#ended(new Map(sent.map(({ key }, i) => [key, answer.versions[i]!])));
      if (answer.kind === "fenced") throw this.#lost(answer.key);
      if (answer.kind === "full") throw this.#full(answer.keys);
      for (const entry of answer.current) await this.#meet(entry, tries >= MOST_TRIES);
      this.#report.retried();
      // At once the first time: mostly there is only one other.
      if (tries > 1) await pause(random() * Math.min(LONGEST_PAUSE_MS, 2 ** tries), signal, after);
    }
  }

  #ask(sent: readonly AttemptedChange[]): Promise<StateAnswer> {
    const { name, store, maxKeys, clock } = this.#settings;
    const { listed, fences } = this.#request;
    return store.commit({
      space: name,
      changes: sent.map(({ change }) => change),
      checks: [...this.#checks].map(([key, version]) => ({ key, version })),
      listed: listed === undefined ? undefined : [...listed],
      fences,
      maxKeys,
      atMs: clock.now(),
    });
  }

  async #meet(entry: StateEntry, isLast: boolean): Promise<void> {
    const { key, version } = entry;
    const { listed } = this.#request;
    const isThere = entry.text !== undefined;
    const change = this.#changes.get(key);
    const seen = this.#checks.get(key) ?? 0;
    const isListedAsItIs = listed === undefined || listed.has(key) === isThere;
    if (isListedAsItIs && change !== undefined) await change.meet(entry, isLast);
    // It was not there, and is not, whatever was between.
    else if (isListedAsItIs && seen === 0 && !isThere && !isLast) this.#checks.set(key, version);
    else throw await this.#conflict(change, entry, seen);
  }

  async #conflict(
    change: AttemptedChange | undefined,
    entry: StateEntry,
    seen: number,
  ): Promise<StateConflictError> {
    const onlyRead = { key: entry.key, text: undefined, expected: seen };
    const who = change ?? new AttemptedChange(this.#settings, this.#request.agent, onlyRead);
    return new StateConflictError(await who.conflictWith(entry));
  }

  #ended(versions: ReadonlyMap<string, number>): readonly StateWrite[] {
    return [...this.#changes.values()].map((change) => change.ended(versions.get(change.key)));
  }

  #lost(key: string): LockLostError {
    const { fence } = this.#request.fences.find((each) => each.key === key)!;
    return new LockLostError({ state: this.#settings.name, key, fence });
  }

  #full(keys: number): RangeError {
    const { name, maxKeys } = this.#settings;
    return new RangeError(
      `sharedState: "${name}" has ${keys} keys, and with the new ones more than maxKeys, ${maxKeys}`,
    );
  }
}
