import { DeadLetterDamagedError } from "../errors/dead-letter-damaged-error.ts";
import { DeadLetterHeldError } from "../errors/dead-letter-held-error.ts";
import { DeadLettersFullError } from "../errors/dead-letters-full-error.ts";
import { UnknownDeadLetterError } from "../errors/unknown-dead-letter-error.ts";
import { checkKey } from "../internal/check-key.ts";
import { checkWhole } from "../internal/check-number.ts";
import { cutText } from "../internal/redact.ts";
import { safely, warnOnce } from "../internal/warn-once.ts";
import { plainText } from "../stores/ledger/plain-text.ts";
import type { LetterQuery, LetterRecord, NewLetter } from "../stores/letters/dead-letter-store.ts";
import { errorType } from "../telemetry/error-type.ts";
import { asked } from "./letters/asked.ts";
import { type DeadLetter, letterOf } from "./letters/dead-letter.ts";
import { LetterMetrics, letterMetrics } from "./letters/letter-metrics.ts";
import {
  checkLabel,
  type DeadLetterQueueOptions,
  type DeadLetterSettings,
  deadLetterSettings,
} from "./letters/letter-options.ts";
import { LetterReport } from "./letters/letter-report.ts";
import { type DeadLetterSummary, summaryOf } from "./letters/letter-summary.ts";
import { letterAdded, spanToTell } from "./letters/letter-telemetry.ts";
import { type DeadLetterInput, newLetter } from "./letters/new-letter.ts";
import { Replay, type ReplayHandler, type ReplayOptions, type ReplayResult } from "./letters/replay.ts";
import {
  checkRatePerSecond,
  type ReplayAllOptions,
  type ReplayReport,
  replayEach,
} from "./letters/replay-all.ts";
import { ReplayServer, type ReplayService, type ServeReplaysOptions } from "./letters/serve-replays.ts";

export type { DeadLetter, DeadLetterReason } from "./letters/dead-letter.ts";
export type { LetterFailure } from "./letters/letter-failure.ts";
export type { DeadLetterQueueOptions } from "./letters/letter-options.ts";
export type { DeadLetterSummary } from "./letters/letter-summary.ts";
export type { DeadLetterInput } from "./letters/new-letter.ts";
export type { ReplayContext, ReplayHandler, ReplayOptions, ReplayResult } from "./letters/replay.ts";
export type { ReplayAllOptions, ReplayedLetter, ReplayReport } from "./letters/replay-all.ts";
export type { ReplayService, ServeReplaysOptions } from "./letters/serve-replays.ts";

export interface DeadLetterListOptions {
  /** @default all task types */
  readonly taskType?: string;
  /** 1 to 10,000. @default 50 */
  readonly limit?: number;
  /** Those that are resolved, in place of those that are not. @default false */
  readonly resolved?: boolean;
}

const MOST_LISTED = 10_000;
const LONGEST_RESOLUTION = 1_000;

/**
 * Keeps tasks that were given up until somebody has looked at them: to be replayed once what was wrong is put right, or resolved by hand.
 *
 * A letter is added at most once for each `key`, and replayed by one at a time. A replay whose process ends on the way is counted, and may be
 * done again with the same idempotency key: its effects happen at least once, and once where they go by that key.
 */
export class DeadLetterQueue {
  readonly name: string;
  readonly #settings: DeadLetterSettings;
  readonly #metrics: LetterMetrics;
  readonly #report: LetterReport;

  /** @throws TypeError or RangeError that names the option, what it allows and the value. */
  constructor(options: DeadLetterQueueOptions) {
    this.#settings = deadLetterSettings(options);
    this.name = this.#settings.name;
    this.#metrics = options.metrics === undefined ? letterMetrics : new LetterMetrics(options.metrics);
    this.#report = new LetterReport(this.#settings);
    this.#metrics.open(this.#report);
  }

  /**
   * Keeps a task that is given up. When this resolves, the letter outlives a power cut.
   *
   * @returns The letter; the first one, where there was one with the same `key`.
   * @throws TypeError or RangeError that names the field, or the path in the payload, and nothing was written then; DeadLettersFullError;
   *   StoreUnusableError where the store fails, and the task is still the caller's.
   */
  async add(input: DeadLetterInput): Promise<DeadLetter> {
    const span = spanToTell();
    try {
      const letter = newLetter(this.name, input, this.#settings.clock.now());
      const { isNew, record } = await this.#kept(letter);
      const added = letterOf(record);
      if (isNew) {
        this.#metrics.added(this.name, letter.taskType, letter.reason);
        this.#report.changed();
        letterAdded(span, added);
        safely("onLetter of a dead letter queue", () => this.#settings.onLetter?.(added));
      }
      return added;
    } catch (error) {
      this.#metrics.refused(this.name, errorType(error));
      throw error;
    }
  }

  /** Unresolved letters, that with the last attempt first. Damaged ones are left out, and said. @throws StoreUnusableError. */
  async list(options: DeadLetterListOptions = {}): Promise<readonly DeadLetter[]> {
    return this.#list({ ...options, queue: this.name, limit: options.limit ?? 50 });
  }

  /** `undefined`: there is none. @throws TypeError on what is no id; DeadLetterDamagedError; StoreUnusableError. */
  async get(id: string): Promise<DeadLetter | undefined> {
    checkKey("deadLetterQueue: id", id);
    const { store, name } = this.#settings;
    const record = await asked(this.#settings, "be asked for a dead letter", store.get(name, id));
    return record && letterOf(record);
  }

  /**
   * Does the task of a letter again. A success resolves the letter; a failure is one more attempt, with its error.
   *
   * @returns What the handler returned, or what it threw.
   * @throws DeadLetterHeldError, DeadLetterResolvedError, DeadLetterExhaustedError, UnknownDeadLetterError, DeadLetterDamagedError; what `modify`
   *   throws, and TypeError where it returns no plain JSON; the reason of the signal. The handler has not run then, but for the last. And
   *   StoreUnusableError, also where what a replay came to could not be kept.
   */
  async replay<R>(
    id: string,
    handler: ReplayHandler<R>,
    options: ReplayOptions = {},
  ): Promise<ReplayResult<R>> {
    checkKey("deadLetterQueue: id", id);
    checkHandler(handler);
    return this.#replayed(new Replay<R>(this.#settings, this.#metrics, id), handler, options);
  }

  /**
   * Asks for a replay, from a process that does not have the handler: whoever runs `serveReplays` on this queue and store does it. Asked for
   * twice, it is done once; a replay that goes on already is taken for it.
   *
   * @returns `false`: the letter is resolved, and nothing was asked for.
   * @throws TypeError on what is no id; UnknownDeadLetterError; StoreUnusableError.
   */
  async requestReplay(id: string): Promise<boolean> {
    checkKey("deadLetterQueue: id", id);
    const { store, name } = this.#settings;
    const answer = await asked(this.#settings, "ask for a replay", store.requestReplay(name, id));
    if (answer === "missing") throw new UnknownDeadLetterError(name, id);
    return answer === "asked";
  }

  /**
   * Replays the letters that `requestReplay` asks for, in whatever process that is called, until it is closed. The timer holds no process. An
   * attempt takes the request off, whatever comes of it; where a process ends on the way, the letter is replayed again with the same
   * idempotency key once its claim is over. A letter that was replayed `maxReplays` times is not, and its request is dropped and reported.
   *
   * @throws TypeError or RangeError that names the option, what it allows and the value.
   */
  serveReplays(handler: ReplayHandler, options: ServeReplaysOptions = {}): ReplayService {
    checkHandler(handler);
    const replay = (id: string, signal: AbortSignal) =>
      this.#replayed(new Replay(this.#settings, this.#metrics, id, true), handler, { signal });
    return new ReplayServer(this.#settings, replay, options);
  }

  /**
   * Replays unresolved letters one after the other, that first which was not tried for longest. Those that another one replays, or that were
   * replayed too often, are left out.
   *
   * @throws TypeError or RangeError on a bad option; StoreUnusableError; as `replay`, of `modify`.
   */
  async replayAll(options: ReplayAllOptions): Promise<ReplayReport> {
    const { handler, taskType, limit = 50, modify, signal } = options;
    checkHandler(handler);
    checkRatePerSecond(options.ratePerSecond);
    const { maxReplays } = this.#settings;
    const letters = await this.#list({ queue: this.name, taskType, limit, maxReplays, oldestFirst: true });
    const same = { ...(modify !== undefined && { modify }), ...(signal !== undefined && { signal }) };
    return replayEach(letters, ({ id }) => this.replay(id, handler, same), options, this.#settings);
  }

  /**
   * Resolves a letter by hand.
   *
   * @param resolution What was done about it, 1 to 1,000 characters.
   * @returns `false`: it was resolved before, and keeps what was said then.
   * @throws TypeError; UnknownDeadLetterError; DeadLetterHeldError while somebody replays it; StoreUnusableError.
   */
  async resolve(id: string, resolution: string): Promise<boolean> {
    checkKey("deadLetterQueue: id", id);
    if (typeof resolution !== "string" || resolution.trim() === "")
      throw new TypeError("deadLetterQueue: resolution must say what was done about the letter");
    const { store, name } = this.#settings;
    const text = cutText(plainText(resolution), LONGEST_RESOLUTION);
    const answer = await asked(this.#settings, "resolve a dead letter", store.resolve(name, id, text));
    if (answer.kind === "missing") throw new UnknownDeadLetterError(name, id);
    if (answer.kind === "held") throw new DeadLetterHeldError(name, id, answer.forMs);
    this.#report.changed();
    return answer.kind === "resolved";
  }

  /** Removes letters that were resolved more than `maxAgeHours` ago, and no others. How many. @throws StoreUnusableError. */
  async purge(): Promise<number> {
    const { store, name, maxAgeMs } = this.#settings;
    return asked(this.#settings, "purge dead letters", store.purge(name, maxAgeMs));
  }

  /** @throws StoreUnusableError. */
  async summary(): Promise<DeadLetterSummary> {
    const { store, name, clock } = this.#settings;
    const found = await asked(this.#settings, "be asked for dead letters", store.summary(name));
    return summaryOf(found, clock.now());
  }

  async #replayed<R>(
    replay: Replay<R>,
    handler: ReplayHandler<R>,
    options: ReplayOptions,
  ): Promise<ReplayResult<R>> {
    try {
      return await replay.run(handler, options);
    } finally {
      this.#report.changed();
    }
  }

  /** Puts it in, or finds the one that is there. */
  async #kept(letter: NewLetter): Promise<{ readonly isNew: boolean; readonly record: LetterRecord }> {
    const { store, name, maxLetters } = this.#settings;
    const answer = await asked(this.#settings, "keep a dead letter", store.add(letter, maxLetters));
    if (answer === "full") throw new DeadLettersFullError(name, maxLetters);
    if (answer === "added") return { isNew: true, record: { ...letter, ...UNTOUCHED } };
    const record = await asked(this.#settings, "be asked for a dead letter", store.get(name, letter.id));
    // It was purged just now: it is as if it had never been.
    return record === undefined ? this.#kept(letter) : { isNew: false, record };
  }

  async #list(query: LetterQuery): Promise<readonly DeadLetter[]> {
    if (query.taskType !== undefined) checkLabel("deadLetterQueue: taskType", query.taskType);
    checkWhole("deadLetterQueue: limit", query.limit, 1, MOST_LISTED);
    const records = await asked(
      this.#settings,
      "be asked for dead letters",
      this.#settings.store.list(query),
    );
    return records.flatMap(unlessDamaged);
  }
}

const UNTOUCHED = {
  replays: 0,
  claim: undefined,
  claimUntilMs: 0,
  resolution: undefined,
  resolvedMs: 0,
  replayRequestedMs: 0,
} as const;

function unlessDamaged(record: LetterRecord): readonly DeadLetter[] {
  try {
    return [letterOf(record)];
  } catch (error) {
    if (!(error instanceof DeadLetterDamagedError)) throw error;
    warnOnce(`dead-letter:${record.queue}:${record.id}`, error.message);
    return [];
  }
}

function checkHandler(handler: unknown): void {
  if (typeof handler !== "function")
    throw new TypeError(`deadLetterQueue: the handler must be a function, got ${typeof handler}`);
}

/** @see DeadLetterQueue */
export function deadLetterQueue(options: DeadLetterQueueOptions): DeadLetterQueue {
  return new DeadLetterQueue(options);
}
