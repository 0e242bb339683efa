import { type Clock, systemClock } from "../../internal/clock.ts";
import type { BudgetAnswer, BudgetRequest, BudgetStore, WindowUse } from "./budget-store.ts";

/** Windows are kept for so long after their end, so that a clock that is set back finds what was spent. */
const KEPT_MS = 48 * 3_600_000;

interface Window {
  spent: number;
  reserved: number;
  readonly endMs: number;
}

interface Reserved {
  readonly amount: number;
  readonly windows: readonly Window[];
  /** Monotonic. */
  readonly expiresMs: number;
}

/** Budgets of one process: gone when it ends. */
export function memoryBudgets(clock: Clock = systemClock): BudgetStore {
  return new MemoryBudgets(clock);
}

class MemoryBudgets implements BudgetStore {
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();
  /** In the order of asking, which is that of expiry but for those with another time to live. */
  readonly #reserved = new Map<string, Reserved>();
  /** Counted as spent, since nobody ended them in time. */
  readonly #expired = new Map<string, Reserved>();
  #cleanAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async reserve({ id, amount, windows, ttlMs }: BudgetRequest): Promise<BudgetAnswer> {
    this.#catchUp();
    const found = windows.map(({ key, endMs }) => this.#window(key, endMs));
    for (const [i, { spent, reserved }] of found.entries()) {
      if (spent + reserved + amount > windows[i]!.limit)
        return { kind: "full", window: i, use: { spent, reserved } };
    }
    for (const window of found) window.reserved += amount;
    const expiresMs = this.#clock.monotonic() + ttlMs;
    this.#reserved.set(id, { amount, windows: found, expiresMs });
    return { kind: "reserved", use: found.map(shown) };
  }

  async settle(id: string, actual: number): Promise<readonly WindowUse[] | undefined> {
    this.#catchUp();
    const expired = this.#expired.get(id);
    const reserved = expired ?? this.#reserved.get(id);
    if (reserved === undefined) return undefined;
    this.#expired.delete(id);
    this.#reserved.delete(id);
    for (const window of reserved.windows) {
      if (expired === undefined) window.reserved -= reserved.amount;
      else window.spent -= reserved.amount;
      window.spent += actual;
    }
    return reserved.windows.map(shown);
  }

  async use(keys: readonly string[]): Promise<readonly WindowUse[]> {
    this.#catchUp();
    return keys.map((key) => shown(this.#windows.get(key)));
  }

  #window(key: string, endMs: number): Window {
    let window = this.#windows.get(key);
    if (window === undefined) {
      window = { spent: 0, reserved: 0, endMs };
      this.#windows.set(key, window);
    }
    return window;
  }

  /** Nobody waits for a time to pass: what has expired is found by the next who asks. */
  #catchUp(): void {
    const nowMs = this.#clock.monotonic();
    for (const [id, reserved] of this.#reserved) {
      if (reserved.expiresMs > nowMs) break;
      this.#reserved.delete(id);
      this.#expired.set(id, reserved);
      for (const window of reserved.windows) {
        window.reserved -= reserved.amount;
        window.spent += reserved.amount;
      }
    }
    if (nowMs >= this.#cleanAtMs) this.#clean(nowMs);
  }

  /** Once a minute, so that nobody pays for it each time. */
  #clean(nowMs: number): void {
    this.#cleanAtMs = nowMs + 60_000;
    const wallMs = this.#clock.now();
    for (const [key, { endMs }] of this.#windows) if (endMs + KEPT_MS < wallMs) this.#windows.delete(key);
    for (const [id, { expiresMs }] of this.#expired)
      if (expiresMs + KEPT_MS < nowMs) this.#expired.delete(id);
  }
}

function shown({ spent = 0, reserved = 0 }: Partial<WindowUse> = {}): WindowUse {
  return { spent, reserved };
}
