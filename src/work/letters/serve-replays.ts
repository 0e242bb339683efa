import { isAgentError } from "../../errors/agent-error.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { reportFailure, warnOnce } from "../../internal/warn-once.ts";
import type { DeadLetterSettings } from "./letter-options.ts";

export interface ServeReplaysOptions {
  /** Milliseconds between two looks for requests; up to a minute while the store fails. 100 to 3,600,000. @default 1_000 */
  readonly pollMs?: number;
  /** Letters that this process replays at once. 1 to 100. @default 1 */
  readonly concurrency?: number;
}

/** What serves the replays of a queue until it is closed. */
export interface ReplayService {
  /**
   * Looks for no more requests and aborts the replays under way. Resolves once their handlers have ended; one that gives up leaves its
   * request for the next who serves the queue. Safe to call twice.
   */
  close(): Promise<void>;
}

const LONGEST_PAUSE_MS = 60_000;
/** Another one has it, or has done it. */
const SOMEBODY_ELSES: ReadonlySet<string> = new Set([
  "dead_letter_held",
  "dead_letter_unasked",
  "unknown_dead_letter",
]);

/**
 * Replays the letters that were asked for, as long as the program runs: its timer holds no process. A replay claims its letter with its
 * request, so that of several processes one does it, and once for each request.
 */
export class ReplayServer implements ReplayService {
  readonly #settings: DeadLetterSettings;
  readonly #replay: (id: string, signal: AbortSignal) => Promise<unknown>;
  readonly #pollMs: number;
  readonly #concurrency: number;
  readonly #running = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  #failures = 0;
  #isLooking = false;
  #cancel: (() => void) | undefined;

  /** @throws RangeError that names the option, the range and the value. */
  constructor(
    settings: DeadLetterSettings,
    replay: (id: string, signal: AbortSignal) => Promise<unknown>,
    { pollMs = 1_000, concurrency = 1 }: ServeReplaysOptions,
  ) {
    this.#settings = settings;
    this.#replay = replay;
    this.#pollMs = checkWhole("serveReplays: pollMs", pollMs, 100, 3_600_000);
    this.#concurrency = checkWhole("serveReplays: concurrency", concurrency, 1, 100);
    this.#plan(0);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#cancel?.();
    await Promise.all(this.#running.values());
  }

  #plan(ms: number): void {
    if (this.#closing.signal.aborted) return;
    this.#cancel?.();
    this.#cancel = this.#settings.after(ms, () => void this.#look(), false);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { store, name } = this.#settings;
    try {
      const free = this.#concurrency - this.#running.size;
      // Those that were begun a moment ago may not have their claim yet.
      const ids = free > 0 ? await store.askedReplays(name, this.#concurrency) : [];
      if (free > 0) this.#failures = 0;
      for (const id of ids.filter((each) => !this.#running.has(each)).slice(0, free)) this.#begin(id);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isLooking = false;
      this.#plan(Math.min(this.#pollMs * 2 ** this.#failures, Math.max(this.#pollMs, LONGEST_PAUSE_MS)));
    }
  }

  #begin(id: string): void {
    if (this.#closing.signal.aborted) return;
    const running = this.#one(id).then((isDone) => {
      this.#running.delete(id);
      // There may be more of them; a request that is done with is not found again.
      if (isDone && !this.#isLooking) this.#plan(0);
    });
    this.#running.set(id, running);
  }

  /** Whether the request is done with. Never rejects. */
  async #one(id: string): Promise<boolean> {
    try {
      await this.#replay(id, this.#closing.signal);
      return true;
    } catch (error) {
      const code = isAgentError(error) ? error.code : "";
      if (this.#closing.signal.aborted || SOMEBODY_ELSES.has(code)) return false;
      if (code === "store_unusable") this.#failed(error);
      else await this.#drop(id, code, error);
      return false;
    }
  }

  /** It cannot be replayed, and would be found again for ever. */
  async #drop(id: string, code: string, error: unknown): Promise<void> {
    const { store, name } = this.#settings;
    if (code !== "dead_letter_resolved")
      warnOnce(`replay-dropped:${name}:${id}`, "a replay that was asked for cannot be done", error);
    try {
      await store.dropRequest(name, id);
    } catch (failure) {
      this.#failed(failure);
    }
  }

  #failed(error: unknown): void {
    this.#failures = Math.min(this.#failures + 1, 10);
    reportFailure("serving the replays of a dead letter queue", error);
  }
}
