import { checkKey } from "../internal/check-key.ts";
import { checkWhole } from "../internal/check-number.ts";
import { jsonText } from "../internal/plain-json.ts";
import { memoryRegistry } from "./memory-registry.ts";
import { agentAtWork } from "./state/agent-at-work.ts";
import { commit } from "./state/commit.ts";
import { fencesOf } from "./state/fences-of.ts";
import { lockRequest, type StateLockOptions } from "./state/lock-options.ts";
import { type LockedFunction, runLocked } from "./state/run-locked.ts";
import {
  runSession,
  type SessionFunction,
  type StateSessionOptions,
  type StateSessionResult,
} from "./state/run-session.ts";
import type { StateLock } from "./state/state-lock.ts";
import { StateLocks } from "./state/state-locks.ts";
import { StateMetrics, stateMetrics } from "./state/state-metrics.ts";
import { type SharedStateOptions, type StateSettings, stateSettings } from "./state/state-options.ts";
import { type SharedStateStats, StateReport } from "./state/state-report.ts";
import {
  type KeyedStateValue,
  type StateValue,
  type StateVersion,
  type StateWrite,
  stateValue,
} from "./state/state-values.ts";

export type { ResolveConflict } from "./conflict/own-strategy.ts";
export type { StrategyByKey, StrategyChoice, StrategyName } from "./conflict/strategies.ts";
export type { StateConflict } from "./conflict/strategy.ts";
export type { StateLockOptions } from "./state/lock-options.ts";
export type { StateSessionOptions, StateSessionResult } from "./state/run-session.ts";
export type { StateLock } from "./state/state-lock.ts";
export type { SharedStateOptions } from "./state/state-options.ts";
export type { SharedStateStats } from "./state/state-report.ts";
export type { StateSession } from "./state/state-session.ts";
export type { KeyedStateValue, StateValue, StateVersion, StateWrite } from "./state/state-values.ts";

export interface StateWriteOptions {
  /** Who writes. @default the agent at work, else "unknown" */
  readonly agent?: string;
  /** The version that was read, 0: the key was not there. Without it the write overwrites whatever is there. */
  readonly expectedVersion?: number;
  /** Writes only while nobody else has, or had, this lock since. */
  readonly lock?: StateLock;
}

/**
 * Keys with versions that agents share, in one process or, by a store, in many. What is written by somebody who has not seen the newest
 * version is a conflict, and a strategy decides on it; nothing is lost in silence.
 */
export class SharedState {
  readonly name: string;
  readonly #settings: StateSettings;
  readonly #report: StateReport;
  readonly #locks: StateLocks;

  /** @throws TypeError or RangeError that names the option, what it allows and the value. */
  constructor(options: SharedStateOptions = {}) {
    const { metrics } = options;
    this.#settings = stateSettings(options);
    this.name = this.#settings.name;
    this.#report = new StateReport(
      this.#settings,
      metrics === undefined ? stateMetrics : new StateMetrics(metrics),
    );
    this.#locks = new StateLocks(this.#settings, this.#report);
    memoryRegistry.add("shared_state", this);
  }

  /** @returns `undefined` where the key is not there. @throws TypeError on a bad key; StoreUnusableError. */
  async read<T = unknown>(key: string): Promise<StateValue<T> | undefined> {
    checkKey("sharedState: read: key", key);
    const { store, maxBytes } = this.#settings;
    const [entry] = await store.read(this.name, [key]);
    return entry?.text === undefined ? undefined : stateValue<T>(entry, maxBytes);
  }

  /**
   * Writes one key. Where `expectedVersion` is given, and somebody else has written since, the strategy decides what becomes of it.
   *
   * @param value Plain JSON.
   * @throws TypeError or RangeError that has the path to what is no plain JSON; StateConflictError under `reject`; LockLostError;
   *   RangeError where there are too many keys; StoreUnusableError, after which it may have been written or not.
   */
  async write(key: string, value: unknown, options: StateWriteOptions = {}): Promise<StateWrite> {
    checkKey("sharedState: write: key", key);
    const { maxBytes } = this.#settings;
    const text = jsonText("sharedState: write: value", value, { maxBytes });
    return this.#commitOne("write", key, text, options);
  }

  /**
   * Deletes one key, whose versions go on if it is written again. One that is not there stays so.
   *
   * @throws as `write`.
   */
  async delete(key: string, options: StateWriteOptions = {}): Promise<StateWrite> {
    checkKey("sharedState: delete: key", key);
    return this.#commitOne("delete", key, undefined, options);
  }

  /** Sorted. @throws StoreUnusableError. */
  async keys(): Promise<readonly string[]> {
    return (await this.#snapshot()).map(({ key }) => key);
  }

  /** All that is there, of one moment, sorted by key. @throws StoreUnusableError. */
  async entries<T = unknown>(): Promise<readonly KeyedStateValue<T>[]> {
    const { maxBytes } = this.#settings;
    const entries = await this.#snapshot();
    return entries.map((entry) => ({ key: entry.key, ...stateValue<T>(entry, maxBytes) }));
  }

  /** The last 20 versions of a key with who wrote them, the newest first. @throws TypeError on a bad key; StoreUnusableError. */
  async history<T = unknown>(key: string): Promise<readonly StateVersion<T>[]> {
    checkKey("sharedState: history: key", key);
    const { store, maxBytes } = this.#settings;
    const versions = await store.history(this.name, key);
    return versions.map((entry) => stateValue<T | undefined>(entry, maxBytes));
  }

  /**
   * Works on a copy of the whole state, and writes what changed in one step at the end: all of it or nothing. Under `reject` the keys that
   * were read must not have changed meanwhile either, so that sessions are as if they had run one after the other. Under other strategies
   * each conflict is decided by what is there at the end.
   *
   * @param fn Is called once, unless there are `retries`. What it throws is thrown, and nothing is written.
   * @throws as `write`; the reason of the signal.
   */
  session<T>(fn: SessionFunction<T>, options: StateSessionOptions = {}): Promise<StateSessionResult<T>> {
    return runSession({ settings: this.#settings, report: this.#report, locks: this.#locks }, fn, options);
  }

  /**
   * Locks a key: a name for what only one may do at a time. It hinders nobody to write; give it to `write` or `session` for that.
   *
   * Waits in turn. The same agent may have it several times, and then releases it as often: the one that is named by `agent`, else the
   * same call of an agent.
   *
   * @throws TypeError or RangeError on a bad key or option; LockTimeoutError; StoreUnusableError; the reason of the signal.
   */
  async lock(key: string, options: StateLockOptions = {}): Promise<StateLock> {
    checkKey("sharedState: lock: key", key);
    return this.#locks.take(key, lockRequest(options));
  }

  /**
   * Runs `fn` with a lock of the key, which is extended until it ends.
   *
   * @param fn Its signal is aborted when the lock is lost, or the caller's is.
   * @throws as `lock`; what `fn` throws; LockLostError where somebody else may have had the lock before `fn` had ended.
   */
  async withLock<T>(key: string, fn: LockedFunction<T>, options: StateLockOptions = {}): Promise<T> {
    if (typeof fn !== "function")
      throw new TypeError(`sharedState: withLock: fn must be a function, got ${typeof fn}`);
    checkKey("sharedState: withLock: key", key);
    const request = lockRequest(options);
    return runLocked(this.#settings, await this.#locks.take(key, request), fn, request);
  }

  /** What this process has seen and done of it. */
  stats(): SharedStateStats {
    return this.#report.stats();
  }

  async #commitOne(
    method: string,
    key: string,
    text: string | undefined,
    { agent, expectedVersion: expected, lock }: StateWriteOptions,
  ): Promise<StateWrite> {
    if (expected !== undefined) checkWhole(`sharedState: ${method}: expectedVersion`, expected, 0);
    const [written] = await commit(this.#settings, this.#report, {
      agent: agentAtWork(agent),
      changes: [{ key, text, expected }],
      checks: [],
      listed: undefined,
      fences: fencesOf(this.#locks, this.#settings, lock),
      signal: undefined,
    });
    return written!;
  }

  async #snapshot() {
    const entries = await this.#settings.store.snapshot(this.name);
    this.#report.saw(entries.length);
    return entries;
  }
}

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function sharedState(options: SharedStateOptions = {}): SharedState {
  return new SharedState(options);
}
