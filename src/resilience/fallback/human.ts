import { isAgentError } from "../../errors/agent-error.ts";
import { reportFailure, warnOnce } from "../../internal/warn-once.ts";
import type { Policy } from "../policy.ts";
import { retry } from "../retry.ts";
import type { CheckedEscalateOptions, Notify } from "./escalate-options.ts";
import { HourlyLimit } from "./hourly-limit.ts";
import type { Escalation, Incident } from "./incident.ts";
import { timeLimit } from "./time-limit.ts";

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;
const NOTIFY_MS = 30_000;
/** After all attempts have failed, until a failure of the same incident tries again. */
const AGAIN_MS = 60_000;

/** The one who is told of incidents: once of each, and of no more in an hour than a human can bear. */
export class Human {
  readonly #notify: Notify;
  readonly #options: CheckedEscalateOptions;
  readonly #limit: HourlyLimit;
  readonly #time: Policy;
  readonly #attempts: Policy;
  #undelivered = 0;

  constructor(notify: Notify, options: CheckedEscalateOptions) {
    const { notificationOnly, decisionTimeoutMs, maxTicketsPerHour, clock, timers } = options;
    this.#notify = notify;
    this.#options = options;
    this.#limit = new HourlyLimit(maxTicketsPerHour, clock);
    this.#time = notificationOnly
      ? timeLimit("escalateFallback: notify", NOTIFY_MS, timers)
      : timeLimit("escalateFallback: decisionTimeoutMs", decisionTimeoutMs, timers);
    const backoff = (attempt: number): number => FIRST_PAUSE_MS * 2 ** (attempt - 2);
    this.#attempts = retry({ attempts: ATTEMPTS, backoff, ...timers });
  }

  /** Times that nobody could be told, after all attempts. */
  get undelivered(): number {
    return this.#undelivered;
  }

  /** @returns The decision, of all who ask for the same incident; `undefined` where there is none. Never rejects. */
  ask(incident: Incident): Promise<unknown> {
    incident.answer ??= this.#mayTell(incident) ? this.#told(incident) : undefined;
    return incident.answer ?? Promise.resolve();
  }

  #mayTell(incident: Incident): boolean {
    if (this.#options.clock.monotonic() < incident.notBeforeMs) return false;
    incident.admitted ||= this.#limit.take();
    if (incident.admitted) return true;
    warnOnce(
      "escalations-suppressed",
      `more than ${this.#options.maxTicketsPerHour} incidents in an hour (maxTicketsPerHour): further ones are counted and written ` +
        "to the ledger, and nobody is told until the hour has room again",
    );
    return false;
  }

  async #told(incident: Incident): Promise<unknown> {
    try {
      await incident.recorded;
      return await this.#deliver(incident.escalation);
    } catch (error) {
      // The human had all the time there was: the answer is no, and stays so.
      if (this.#isOverdue(error)) return undefined;
      this.#undelivered += 1;
      reportFailure("telling a human of an incident", error);
      incident.notBeforeMs = this.#options.clock.monotonic() + AGAIN_MS;
      incident.answer = undefined;
      return undefined;
    }
  }

  #isOverdue(error: unknown): boolean {
    return !this.#options.notificationOnly && isAgentError(error) && error.code === "timeout";
  }

  /** A notification has its time for each attempt, a decision for all of them. */
  #deliver(escalation: Escalation): Promise<unknown> {
    const notify = (signal: AbortSignal): unknown => this.#notify(escalation, signal);
    const [outer, inner] = this.#options.notificationOnly
      ? [this.#attempts, this.#time]
      : [this.#time, this.#attempts];
    return outer.execute((signal) => inner.execute(notify, signal));
  }
}
