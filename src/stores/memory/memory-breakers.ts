import { type Clock, systemClock } from "../../internal/clock.ts";
import type {
  Beat,
  BreakerDriver,
  Hearing,
  OperatorAction,
  OperatorRecord,
  StoredBreaker,
} from "../breakers/breaker-driver.ts";

type Operated = Omit<OperatorRecord, "ageMs">;

interface Alive {
  readonly untilMs: number;
  readonly openUntilMs: number;
}

interface Entry {
  operated: Operated | undefined;
  readonly alive: Map<string, Alive>;
}

/** The state of breakers that share one process: what a database holds, in memory. Each driver is one client of it. */
export class MemoryBreakers {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #hearings = new Set<Hearing>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** @param down Whether it is to fail now. For tests. */
  driver(down: () => boolean = () => false): BreakerDriver {
    const up = (): void => {
      if (down()) throw new Error("the memory is down");
    };
    let own: Hearing | undefined;
    return {
      name: "memory",
      operate: async (name, action) => {
        up();
        return this.#operate(name, action);
      },
      restore: async (name, record) => {
        up();
        this.#restore(name, record);
      },
      beat: async (beats, ttlMs) => {
        up();
        for (const beat of beats) this.#beat(beat, ttlMs);
      },
      leave: async (instances) => {
        up();
        for (const { name, instance } of instances) this.#entry(name).alive.delete(instance);
      },
      read: async (names) => {
        up();
        return new Map(names.map((name) => [name, this.#read(name)]));
      },
      listen: async (hearing) => {
        up();
        // Who is down hears nothing.
        own = { changed: (name) => down() || hearing.changed(name), missed: () => hearing.missed() };
        this.#hearings.add(own);
      },
      close: async () => {
        if (own !== undefined) this.#hearings.delete(own);
      },
    };
  }

  /** As after the loss of the disk. */
  forget(): void {
    this.#entries.clear();
  }

  /** As when everybody's connection is back. */
  reconnect(): void {
    for (const hearing of this.#hearings) hearing.missed();
  }

  #operate(name: string, { state, ageMs, by, seen }: OperatorAction): OperatorRecord {
    const entry = this.#entry(name);
    const nowMs = this.#clock.now();
    const atMs = Math.floor(nowMs - ageMs());
    const { version = 0, by: who } = entry.operated ?? {};
    if (who === by || version <= Math.max(atMs, seen) || version > nowMs) {
      entry.operated = { state, by, version: Math.max(atMs, version + 1) };
      this.#changed(name);
    }
    return this.#record(entry)!;
  }

  #restore(name: string, record: Operated): void {
    const entry = this.#entry(name);
    if (entry.operated !== undefined && entry.operated.version >= record.version) return;
    entry.operated = record;
    this.#changed(name);
  }

  #beat({ name, instance, openMs, changed }: Beat, ttlMs: number): void {
    const nowMs = this.#clock.now();
    this.#entry(name).alive.set(instance, { untilMs: nowMs + ttlMs, openUntilMs: nowMs + openMs });
    if (changed) this.#changed(name);
  }

  #read(name: string): StoredBreaker {
    const nowMs = this.#clock.now();
    const entry = this.#entry(name);
    const living = [...entry.alive].filter(([, { untilMs }]) => untilMs > nowMs);
    const instances = living.map(([instance, { openUntilMs }]) => ({
      instance,
      openMs: Math.max(0, openUntilMs - nowMs),
    }));
    return { operator: this.#record(entry), instances };
  }

  #record({ operated }: Entry): OperatorRecord | undefined {
    if (operated === undefined) return undefined;
    return { ...operated, ageMs: Math.max(0, this.#clock.now() - operated.version) };
  }

  #entry(name: string): Entry {
    const found = this.#entries.get(name);
    if (found !== undefined) return found;
    const entry: Entry = { operated: undefined, alive: new Map() };
    this.#entries.set(name, entry);
    return entry;
  }

  #changed(name: string): void {
    for (const hearing of this.#hearings) hearing.changed(name);
  }
}
