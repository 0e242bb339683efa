import { StateConflictError } from "../../errors/state-conflict-error.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { pause } from "../../internal/pause.ts";
import { agentAtWork } from "./agent-at-work.ts";
import { type CommitRequest, commit } from "./commit.ts";
import { fencesOf } from "./fences-of.ts";
import type { StateLock } from "./state-lock.ts";
import type { StateLocks } from "./state-locks.ts";
import type { StateSettings } from "./state-options.ts";
import type { StateReport } from "./state-report.ts";
import { StateSession } from "./state-session.ts";
import type { StateWrite } from "./state-values.ts";

const LONGEST_PAUSE_MS = 200;

export interface StateSessionOptions {
  /** Who writes. @default the agent at work, else "unknown" */
  readonly agent?: string;
  /** How often `fn` is called again, with what is there by then, after a commit that was refused for a conflict. @default 0 */
  readonly retries?: number;
  /** Commits only while nobody else has, or had, this lock since. */
  readonly lock?: StateLock;
  /** Reaches `fn`. Aborted before the commit, nothing is written. */
  readonly signal?: AbortSignal;
}

/** What became of a session. */
export interface StateSessionResult<T> {
  /** Of its function. */
  readonly value: T;
  /** Of each key that it wrote or deleted. */
  readonly writes: readonly StateWrite[];
}

export type SessionFunction<T> = (session: StateSession, signal: AbortSignal | undefined) => T | Promise<T>;

/** What a session needs of its state. */
export interface SessionHome {
  readonly settings: StateSettings;
  readonly report: StateReport;
  readonly locks: StateLocks;
}

/** @see SharedState.session */
export async function runSession<T>(
  { settings, report, locks }: SessionHome,
  fn: SessionFunction<T>,
  options: StateSessionOptions,
): Promise<StateSessionResult<T>> {
  if (typeof fn !== "function")
    throw new TypeError(`sharedState: session: fn must be a function, got ${typeof fn}`);
  const { signal, lock } = options;
  const retries = checkWhole("sharedState: session: retries", options.retries ?? 0, 0);
  const agent = agentAtWork(options.agent);
  fencesOf(locks, settings, lock);
  for (let tried = 0; ; tried++) {
    signal?.throwIfAborted();
    const seen = await settings.store.snapshot(settings.name);
    report.saw(seen.length);
    const { value, ...wanted } = await work(new StateSession(settings, seen), fn, signal);
    signal?.throwIfAborted();
    if (wanted.changes.length === 0) return { value, writes: [] };
    const fences = fencesOf(locks, settings, lock);
    try {
      return { value, writes: await commit(settings, report, { ...wanted, agent, signal, fences }) };
    } catch (error) {
      if (!(error instanceof StateConflictError) || tried >= retries) throw error;
    }
    await pause(settings.random() * Math.min(LONGEST_PAUSE_MS, 5 * 2 ** tried), signal, settings.after);
  }
}

type Wanted<T> = Pick<CommitRequest, "changes" | "checks" | "listed"> & { readonly value: T };

async function work<T>(
  session: StateSession,
  fn: SessionFunction<T>,
  signal: AbortSignal | undefined,
): Promise<Wanted<T>> {
  try {
    const value = await fn(session, signal);
    return { value, ...session.end() };
  } finally {
    session.end();
  }
}
