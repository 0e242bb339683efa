import type { Clock } from "../../internal/clock.ts";
import { randomBytes } from "../../internal/late-builtins.ts";
import type { After } from "../../internal/timers.ts";
import { safely } from "../../internal/warn-once.ts";
import { adviceMs } from "./advice.ts";
import type { Beat, OperatorAction, OperatorRecord, StoredBreaker } from "./breaker-driver.ts";
import type { BreakerListener, OperatorState, SharedBreaker } from "./breaker-store.ts";

/** Advice is renewed with every reading, and this old it counts no longer. */
const LONGEST_ADVICE_MS = 15_000;

/** What a seat asks of its table. */
export interface Table {
  readonly clock: Clock;
  readonly after: After;
  /** Attempts that failed so far. */
  failures(): number;
  /** An action of an operator waits to be stored. */
  actionWaits(): void;
  /** A beat has something new to say. */
  beatWaits(): void;
}

interface Waiting {
  readonly state: OperatorState;
  readonly sinceMs: number;
  readonly seen: number;
}

/** One breaker's place: what it knows of its name, and what it has to say. Times are monotonic. */
export class Seat implements SharedBreaker {
  readonly name: string;
  readonly instance = randomBytes(8).toString("hex");
  readonly #listener: WeakRef<BreakerListener>;
  readonly #table: Table;
  readonly #joinedMs: number;
  readonly #failuresBefore: number;
  /** The newest that it has seen. */
  #known: OperatorRecord | undefined;
  #waiting: Waiting | undefined;
  #openUntilMs = 0;
  #tellingUntilMs = 0;
  #toldUntilMs = 0;
  #hurried = false;
  #left = false;
  #endAdvice: (() => void) | undefined;

  constructor(name: string, listener: BreakerListener, table: Table) {
    this.name = name;
    this.#listener = new WeakRef(listener);
    this.#table = table;
    this.#joinedMs = table.clock.monotonic();
    this.#failuresBefore = table.failures();
  }

  get storeFailures(): number {
    return this.#table.failures() - this.#failuresBefore;
  }

  /** Whether there is still somebody to tell, or something to hand in. */
  get isTaken(): boolean {
    return this.hasAction || (!this.#left && this.#listener.deref() !== undefined);
  }

  get hasAction(): boolean {
    return this.#waiting !== undefined;
  }

  get hasNews(): boolean {
    return this.#openUntilMs !== this.#toldUntilMs;
  }

  operated(state: OperatorState): void {
    this.#waiting = { state, sinceMs: this.#nowMs(), seen: this.#known?.version ?? 0 };
    this.#table.actionWaits();
  }

  opened(openMs: number): void {
    this.#openUntilMs = this.#nowMs() + openMs;
    this.#hurry(0);
    this.#table.beatWaits();
  }

  closed(): void {
    if (this.#openUntilMs === 0) return;
    this.#openUntilMs = 0;
    this.#table.beatWaits();
  }

  leave(): void {
    this.#hurry(0);
    this.#left = true;
  }

  /** What it has to say now. Followed by `told` where it was heard. */
  beat(): Beat {
    this.#tellingUntilMs = this.#openUntilMs;
    const openMs = Math.max(0, Math.ceil(this.#openUntilMs - this.#nowMs()));
    return { name: this.name, instance: this.instance, openMs, changed: this.hasNews };
  }

  told(): void {
    this.#toldUntilMs = this.#tellingUntilMs;
  }

  /** @param write Stores the action that waits, where one does. */
  async store(write: (action: OperatorAction) => Promise<OperatorRecord>): Promise<void> {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const { state, sinceMs, seen } = waiting;
    const askedMs = this.#nowMs();
    const record = await write({ state, ageMs: () => this.#agedMs(sinceMs), by: this.instance, seen });
    if (this.#waiting === waiting) this.#waiting = undefined;
    this.#take(record, askedMs);
  }

  /**
   * @param askedMs When the database was asked.
   * @returns What the database has lost, and had better get back.
   */
  read({ operator, instances }: StoredBreaker, askedMs: number): OperatorRecord | undefined {
    this.#hurry(Math.min(adviceMs(instances, this.instance), LONGEST_ADVICE_MS));
    if (operator !== undefined) this.#take(operator, askedMs);
    const known = this.#known;
    // No record and a reset one are the same to everybody.
    if (known === undefined || (operator === undefined && known.state === "reset")) return undefined;
    return (operator?.version ?? 0) < known.version ? known : undefined;
  }

  #take(record: OperatorRecord, askedMs: number): void {
    if (record.version <= (this.#known?.version ?? 0)) return;
    const isMine = record.by === this.instance;
    // What waits here was done later, or may have been: which of them wins is decided where it is stored.
    if (!isMine && this.#waiting !== undefined && this.#waiting.sinceMs >= askedMs - record.ageMs) return;
    const isNews = !isMine && this.#concernsMe(record);
    this.#known = record;
    // One that is mine may be the one before: what waits is stored once more then, which changes nothing.
    if (!isMine) this.#waiting = undefined;
    if (isNews) this.#say((listener) => listener.operated(record.state));
  }

  /** A reset from before this breaker was there has nothing to end here. */
  #concernsMe({ state, ageMs }: OperatorRecord): boolean {
    return state !== "reset" || this.#known !== undefined || ageMs < this.#agedMs(this.#joinedMs);
  }

  #hurry(ms: number): void {
    this.#endAdvice?.();
    this.#endAdvice = ms === 0 ? undefined : this.#table.after(ms, () => this.#hurry(0), false);
    if (this.#hurried === ms > 0) return;
    this.#hurried = ms > 0;
    this.#say((listener) => listener.hurried(ms > 0));
  }

  #say(tell: (listener: BreakerListener) => void): void {
    if (this.#left) return;
    safely("telling a breaker what others do", () => {
      const listener = this.#listener.deref();
      if (listener !== undefined) tell(listener);
    });
  }

  #nowMs(): number {
    return this.#table.clock.monotonic();
  }

  #agedMs(sinceMs: number): number {
    return Math.max(0, this.#nowMs() - sinceMs);
  }
}
