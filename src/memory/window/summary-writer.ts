import { reportFailure, warnOnce } from "../../internal/warn-once.ts";
import { untilAborted } from "../../resilience/fallback/until-aborted.ts";
import type { Policy } from "../../resilience/policy.ts";
import { timeout } from "../../resilience/timeout.ts";
import type { ChatMessage } from "./chat-message.ts";
import type { Entry } from "./timeline.ts";
import type { WindowSettings } from "./window-options.ts";

/** So many windows' worth of messages wait for a summary at most. */
const MOST_WINDOWS = 16;

/** What a window does with a summary. */
export interface SummaryDesk {
  /** The text so far. */
  previous(): string | undefined;
  /** @param after Number of the last message that it tells of. */
  written(text: string, after: number): void;
  failed(): void;
}

/**
 * Has summaries written, one at a time, outside of everything: the window is used meanwhile. What leaves while one is written is in the
 * next one; what is too much for one is in several, each made of the one before it.
 */
export class SummaryWriter<M extends ChatMessage> {
  readonly #settings: WindowSettings<M>;
  readonly #desk: SummaryDesk;
  readonly #limit: Policy;
  #waiting: Entry<M>[] = [];
  #stop = new AbortController();
  /** Number of the last message that was handed in, and of the last one that is done with. */
  #handedIn = -1;
  #doneWith = -1;
  #atWork: Promise<void> | undefined;

  constructor(settings: WindowSettings<M>, desk: SummaryDesk) {
    const { summariseTimeoutMs, after, clock } = settings;
    this.#settings = settings;
    this.#desk = desk;
    this.#limit = timeout(summariseTimeoutMs, after === undefined ? {} : { after, clock });
  }

  get isAtWork(): boolean {
    return this.#atWork !== undefined;
  }

  /** @param evicted Oldest first, after all that was handed in before. */
  handIn(evicted: readonly Entry<M>[]): void {
    if (this.#settings.summarise === undefined || evicted.length === 0) return;
    for (const entry of evicted) {
      this.#waiting.push(entry);
      this.#handedIn = Math.max(this.#handedIn, entry.seq);
    }
    this.#bound();
    // After this turn: what else leaves in it is in the same summary.
    this.#atWork ??= Promise.resolve().then(() => this.#work());
  }

  /** Resolves when all that was handed in so far is done with, well or not. Rejects only as the signal says. */
  async done(signal?: AbortSignal): Promise<void> {
    const until = this.#handedIn;
    signal?.throwIfAborted();
    while (this.#atWork !== undefined && this.#doneWith < until) {
      const atWork = this.#atWork;
      await (signal === undefined ? atWork : untilAborted(() => atWork, signal));
    }
  }

  /** Drops what waits, and what is being written. */
  clear(): void {
    this.#waiting = [];
    this.#doneWith = this.#handedIn;
    this.#stop.abort(new DOMException("the window was cleared", "AbortError"));
    this.#stop = new AbortController();
    this.#atWork = undefined;
  }

  /** Never rejects. */
  async #work(): Promise<void> {
    const { signal } = this.#stop;
    if (signal.aborted) return;
    const batch = this.#take();
    const last = this.#waiting.length === 0 ? this.#handedIn : Math.max(...batch.map(({ seq }) => seq));
    const text = await this.#summary(batch, signal);
    // Another one is at work by now, if any.
    if (signal.aborted) return;
    this.#doneWith = last;
    this.#atWork = this.#waiting.length > 0 ? Promise.resolve().then(() => this.#work()) : undefined;
    if (text === undefined) this.#desk.failed();
    else this.#desk.written(text, last);
  }

  async #summary(batch: readonly Entry<M>[], stop: AbortSignal): Promise<string | undefined> {
    const { summarise, summaryTokens } = this.#settings;
    const messages = batch.map(({ message }) => message);
    const previous = this.#desk.previous();
    try {
      const text: unknown = await this.#limit.execute(
        async (signal) => summarise?.(messages, { signal, previous, maxTokens: summaryTokens }),
        stop,
      );
      if (typeof text === "string" && text.trim() !== "") return text;
      throw new TypeError(
        `summarise must give a text, got ${typeof text === "string" ? "none" : typeof text}`,
      );
    } catch (error) {
      if (!stop.aborted) reportFailure("summarising messages that left a window", error);
      return undefined;
    }
  }

  /** Takes what fits into one window from the front, one message at least: a summariser has a context of its own to fit them into. */
  #take(): readonly Entry<M>[] {
    let tokens = 0;
    const end = this.#waiting.findIndex((entry) => {
      tokens += entry.tokens;
      return tokens > this.#settings.maxTokens;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : Math.max(1, end));
  }

  /** A summariser that hangs must not keep all that ever leaves: the oldest is given up. */
  #bound(): void {
    const most = MOST_WINDOWS * this.#settings.maxTokens;
    let tokens = 0;
    const last = this.#waiting.findLastIndex((entry) => {
      tokens += entry.tokens;
      return tokens > most;
    });
    if (last < 0) return;
    this.#waiting.splice(0, last + 1);
    this.#desk.failed();
    warnOnce(
      `window-summary-late:${this.#settings.name}`,
      `summaries for window "${this.#settings.name}" are written more slowly than messages leave it, and the oldest of these are in none`,
    );
  }
}
