import { type Clock, systemClock } from "../../internal/clock.ts";
import { randomBytes } from "../../internal/late-builtins.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import { Background } from "./background.ts";
import type { BreakerDriver } from "./breaker-driver.ts";
import { standingOf } from "./breaker-standing.ts";
import type {
  BreakerListener,
  BreakerStanding,
  BreakerStore,
  OperatorState,
  SharedBreaker,
} from "./breaker-store.ts";
import { Seat, type Table } from "./seat.ts";
import { timeLimit } from "./time-limit.ts";

/** Between two signs of life; also how late a lost notification is noticed. */
const BEAT_MS = 5_000;
/** Three beats may be lost. */
const ALIVE_MS = 3.5 * BEAT_MS;
/** What comes in together is looked at together. */
const GATHER_MS = 20;
/** One request to the database. */
const REQUEST_MS = 5_000;
/** How long the end of the process, and `close`, wait for what an operator did. */
const LAST_WORD_MS = 2_000;

/** For tests. */
export interface SharedBreakersOptions {
  readonly clock?: Clock;
  readonly after?: After;
  readonly random?: () => number;
}

/**
 * The breakers of this process that share one database: one background task for all of them, which hands in what operators did,
 * gives signs of life, and reads what others did: when told of a change, and every five seconds in case that got lost.
 */
export class SharedBreakers implements BreakerStore {
  readonly #driver: BreakerDriver;
  readonly #after: After;
  readonly #clock: Clock;
  readonly #work: Background;
  readonly #seats = new Set<Seat>();
  /** Names to read. */
  readonly #stale = new Set<string>();
  #listening = false;
  #beatAtMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #letGo: (() => void) | undefined;
  #closing: Promise<void> | undefined;
  readonly #table: Table;

  constructor(driver: BreakerDriver, options: SharedBreakersOptions = {}) {
    const { clock = systemClock, after = systemAfter, random = Math.random } = options;
    this.#driver = driver;
    this.#after = after;
    this.#clock = clock;
    this.#work = new Background({
      turn: () => this.#turn(),
      failed: (error) => this.#failed(error),
      everyMs: BEAT_MS,
      clock,
      after,
      random,
    });
    this.#table = {
      clock,
      after,
      failures: () => this.#failures,
      actionWaits: () => this.#actionWaits(),
      beatWaits: () => this.#work.soon(GATHER_MS),
    };
  }

  get storeFailures(): number {
    return this.#failures;
  }

  join(name: string, listener: BreakerListener): SharedBreaker {
    const seat = new Seat(storable(name), listener, this.#table);
    if (this.#closing !== undefined) return seat;
    this.#seats.add(seat);
    this.#stale.add(seat.name);
    this.#beatAtMs = Number.NEGATIVE_INFINITY;
    this.#work.soon(0);
    return seat;
  }

  async look(names: readonly string[]): Promise<ReadonlyMap<string, BreakerStanding>> {
    const found = await this.#limited(this.#driver.read(names.map(storable)));
    return new Map(names.map((name) => [name, standingOf(found.get(storable(name)))]));
  }

  async operate(name: string, state: OperatorState): Promise<void> {
    // Nobody's place, so that those who have one take it for another's.
    const by = randomBytes(8).toString("hex");
    await this.#limited(this.#driver.operate(storable(name), { state, by, seen: 0, ageMs: () => 0 }));
  }

  /** Hands over what still waits, and closes the driver. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #turn(): Promise<void> {
    if (this.#seats.size === 0) return;
    if (!this.#listening) await this.#limited(this.#driver.listen(this.#hearing));
    this.#listening = true;
    // First, so that what others did arrives also where this process may not write.
    await this.#read();
    await this.#storeActions();
    for (const seat of this.#seats) if (!seat.isTaken) this.#seats.delete(seat);
    await this.#beat();
    await this.#read();
  }

  readonly #hearing = {
    changed: (name: string): void => {
      if (![...this.#seats].some((seat) => seat.name === name)) return;
      this.#stale.add(name);
      this.#work.soon(GATHER_MS);
    },
    missed: (): void => {
      for (const { name } of this.#seats) this.#stale.add(name);
      this.#work.hopefully(GATHER_MS);
    },
  };

  async #storeActions(): Promise<void> {
    for (const seat of this.#seats) {
      await seat.store((action) => this.#limited(this.#driver.operate(seat.name, action)));
    }
    if (![...this.#seats].some((seat) => seat.hasAction)) this.#release();
  }

  async #beat(): Promise<void> {
    const nowMs = this.#clock.monotonic();
    // A turn that is a little early is the one for this beat.
    const isDue = nowMs - this.#beatAtMs >= BEAT_MS / 2;
    const seats = [...this.#seats].filter((seat) => isDue || seat.hasNews);
    if (seats.length === 0) return;
    for (const { name } of seats) this.#stale.add(name);
    await this.#limited(
      this.#driver.beat(
        seats.map((seat) => seat.beat()),
        ALIVE_MS,
      ),
    );
    for (const seat of seats) seat.told();
    if (isDue) this.#beatAtMs = nowMs;
  }

  async #read(): Promise<void> {
    const names = [...this.#stale];
    if (names.length === 0) return;
    // What changes from here on is read again.
    this.#stale.clear();
    const askedMs = this.#clock.monotonic();
    const found = await this.#limited(this.#driver.read(names));
    for (const seat of this.#seats) {
      const stored = found.get(seat.name);
      const lost = stored && seat.read(stored, askedMs);
      if (lost !== undefined) await this.#limited(this.#driver.restore(seat.name, lost));
    }
  }

  #actionWaits(): void {
    if (this.#closing !== undefined) return;
    this.#work.soon(0);
    // A program may do nothing but this, and end.
    this.#letGo ??= this.#after(LAST_WORD_MS, () => this.#release(), true);
  }

  #release(): void {
    this.#letGo?.();
    this.#letGo = undefined;
  }

  #failed(error: unknown): void {
    this.#beatAtMs = Number.NEGATIVE_INFINITY;
    for (const { name } of this.#seats) this.#stale.add(name);
    this.#failures += 1;
    const { name } = this.#driver;
    warnOnce(
      `breakers:${name}`,
      `the store of shared breakers ${name} failed; they go on by themselves, and it is tried again`,
      error,
    );
  }

  async #close(): Promise<void> {
    try {
      await timeLimit(this.#lastWords(), LAST_WORD_MS, this.#holding);
    } catch (error) {
      this.#failed(error);
    }
    this.#release();
    try {
      await timeLimit(this.#driver.close(), LAST_WORD_MS, this.#holding);
    } catch (error) {
      this.#failed(error);
    }
  }

  async #lastWords(): Promise<void> {
    await this.#work.stop();
    if (!this.#listening) return;
    await this.#storeActions();
    await this.#driver.leave([...this.#seats]);
  }

  /** Who awaits a close does not want the process to end before. */
  readonly #holding: After = (ms, run) => this.#after(ms, run, true);

  #limited<T>(request: Promise<T>): Promise<T> {
    return timeLimit(request, REQUEST_MS, this.#after);
  }
}

/** PostgreSQL takes no NUL, and only whole characters; the same name everywhere, whatever the database. */
function storable(name: string): string {
  return name.toWellFormed().replaceAll("\0", "\u{fffd}");
}
