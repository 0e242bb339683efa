import { LockTimeoutError } from "../../errors/lock-timeout-error.ts";
import { randomUUID } from "../../internal/late-builtins.ts";
import type { LockAnswer } from "../../stores/state/state-store.ts";
import { agentAtWork, lockIdentity } from "./agent-at-work.ts";
import { Holding } from "./holding.ts";
import { Line, type Place } from "./line.ts";
import type { LockRequest } from "./lock-options.ts";
import { StateLock } from "./state-lock.ts";
import type { StateSettings } from "./state-options.ts";
import type { StateReport } from "./state-report.ts";

/** How long the first in the line waits before it asks the store again, on average, milliseconds. */
const POLL_MS = 50;
const ID_LENGTH = 36;

type Held = Extract<LockAnswer, { readonly kind: "held" }>;

/** The locks that this process has of one state, and those who wait for them. */
export class StateLocks {
  readonly #settings: StateSettings;
  readonly #report: StateReport;
  readonly #held = new Map<string, Holding>();
  readonly #lines = new Map<string, Line>();

  constructor(settings: StateSettings, report: StateReport) {
    this.#settings = settings;
    this.#report = report;
  }

  /** @throws LockTimeoutError, StoreUnusableError, the reason of the signal. */
  async take(key: string, request: LockRequest): Promise<StateLock> {
    const again = await this.#takeAgain(key, request);
    if (again !== undefined) return again;
    const line = this.#lineOf(key);
    const place = line.join();
    try {
      return await this.#takeInTurn(key, request, place);
    } finally {
      place.leave();
      if (line.isEmpty) this.#lines.delete(key);
    }
  }

  /** Of a holding. */
  ended(holding: Holding): void {
    if (this.#held.get(holding.key) === holding) this.#held.delete(holding.key);
    this.#report.locksHeld = this.#held.size;
    this.#lines.get(holding.key)?.wake();
  }

  /** Where the same agent has it already. */
  async #takeAgain(key: string, { agent, leaseMs }: LockRequest): Promise<StateLock | undefined> {
    const holding = this.#held.get(key);
    const identity = lockIdentity(agent);
    if (holding === undefined || identity === undefined || holding.identity !== identity) return undefined;
    // Before anything else happens: else its last lock could give it back meanwhile.
    holding.enter();
    const lock = new StateLock(holding);
    try {
      await holding.extend(Math.max(leaseMs, holding.leaseMs));
      return lock;
    } catch (error) {
      await lock.release();
      if (holding.isLost) return undefined;
      throw error;
    }
  }

  async #takeInTurn(key: string, request: LockRequest, place: Place): Promise<StateLock> {
    const { clock, random } = this.#settings;
    const { waitMs, signal } = request;
    const owner = `${randomUUID()} ${agentAtWork(request.agent)}`;
    const startMs = clock.monotonic();
    let held: Held | undefined;
    for (let waits = 0; ; waits++) {
      signal?.throwIfAborted();
      if (place.isFirst) {
        const answer = await this.#ask(key, owner, request);
        if (answer.kind === "locked") return this.#holding(key, owner, answer.fence, request);
        held = answer;
      }
      if (waits === 0) this.#report.lockWaited();
      const leftMs = startMs + waitMs - clock.monotonic();
      if (leftMs <= 0) throw this.#timedOut(key, waitMs, held);
      const pollMs = place.isFirst ? POLL_MS * (0.5 + random()) : leftMs;
      await place.wait(Math.min(leftMs, pollMs, held?.forMs ?? leftMs), signal);
    }
  }

  async #ask(key: string, owner: string, { leaseMs, signal }: LockRequest): Promise<LockAnswer> {
    const { store, name } = this.#settings;
    const answer = await store.lock(name, key, owner, leaseMs);
    if (answer.kind === "locked" && signal?.aborted) {
      await store.unlock(name, key, answer.fence);
      throw signal.reason;
    }
    return answer;
  }

  #holding(key: string, owner: string, fence: number, { agent, leaseMs }: LockRequest): StateLock {
    // Whoever had it let its lease end.
    this.#held.get(key)?.lose();
    const identity = lockIdentity(agent);
    const facts = { key, fence, owner, leaseMs, identity, agent: agentOf(owner) };
    const holding = new Holding(this.#settings, this, facts);
    holding.enter();
    this.#held.set(key, holding);
    this.#report.locksHeld = this.#held.size;
    return new StateLock(holding);
  }

  #timedOut(key: string, waitedMs: number, held: Held | undefined): LockTimeoutError {
    this.#report.lockTimedOut();
    const { name: state } = this.#settings;
    if (held !== undefined)
      return new LockTimeoutError({
        state,
        key,
        waitedMs,
        holder: agentOf(held.owner),
        heldForMs: held.forMs,
      });
    const holder = this.#held.get(key)?.agent;
    return new LockTimeoutError({ state, key, waitedMs, holder, heldForMs: undefined });
  }

  #lineOf(key: string): Line {
    let line = this.#lines.get(key);
    if (line === undefined) {
      line = new Line(this.#settings.after);
      this.#lines.set(key, line);
    }
    return line;
  }
}

function agentOf(owner: string): string {
  return owner.slice(ID_LENGTH + 1);
}
