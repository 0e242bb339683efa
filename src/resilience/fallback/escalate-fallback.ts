import { EscalatedError } from "../../errors/escalated-error.ts";
import { withoutStack } from "../../internal/without-stack.ts";
import { isStateObject } from "../failure-mark.ts";
import { copyState } from "./copy-state.ts";
import {
  type CheckedEscalateOptions,
  checkEscalateOptions,
  type EscalateFallbackOptions,
  type Notify,
} from "./escalate-options.ts";
import { recordEscalation } from "./escalation-row.ts";
import type { FailedCall, Fallback, FallbackAnswer, ProtectedCall } from "./fallback.ts";
import { Human } from "./human.ts";
import { escalationOf, type Incident, knownInput } from "./incident.ts";
import { untilAborted } from "./until-aborted.ts";

/** What an `escalateFallback` has done since it was made. */
export interface EscalationCounts {
  readonly incidents: number;
  /** Incidents that nobody was told of at once, as the hour was full. */
  readonly suppressed: number;
  /** Times that nobody could be told, after all attempts. */
  readonly undelivered: number;
}

export interface EscalateFallback extends Fallback {
  readonly counts: EscalationCounts;
}

/**
 * Tells a human, once for each incident: from the first failure of a name to its next success. At least once: `notify` is called again,
 * with the same ticket, when it fails (or, with `notificationOnly`, takes longer than 30 s), five times in all; after that by the next
 * failure of the incident, a minute later.
 *
 * With `notificationOnly` the call does not wait: a function over a state object gets its input back, as a copy, so that the pipeline goes
 * on; any other call rejects with `EscalatedError`. Without, the call waits for the decision that is taken on it, and
 * calls with the same input wait with it; where there is none they reject with `EscalatedError`. So do, at once, calls of the same incident with another
 * input: nobody has decided on them.
 *
 * @throws RangeError or TypeError that names the option and value.
 */
export function escalateFallback(notify: Notify, options: EscalateFallbackOptions = {}): EscalateFallback {
  return new Escalations(notify, checkEscalateOptions(notify, options));
}

/** Names are few; this is against those who make them up. */
const MAX_INCIDENTS = 10_000;

class Escalations implements EscalateFallback {
  readonly kind = "escalated";
  readonly #options: CheckedEscalateOptions;
  readonly #human: Human;
  /** Those that have not ended, oldest first. */
  readonly #incidents = new Map<string | undefined, Incident>();
  #begun = 0;
  #suppressed = 0;

  constructor(notify: Notify, options: CheckedEscalateOptions) {
    this.#options = options;
    this.#human = new Human(notify, options);
  }

  get counts(): EscalationCounts {
    return { incidents: this.#begun, suppressed: this.#suppressed, undelivered: this.#human.undelivered };
  }

  async answer(call: FailedCall): Promise<FallbackAnswer> {
    call.signal.throwIfAborted();
    const known = this.#incidents.get(call.name);
    const incident = known ?? this.#begin(call);
    const decision = this.#human.ask(incident);
    if (this.#options.notificationOnly) return goOn(call, incident);
    if (known !== undefined && !isSameInput(call, known)) throw refusal(call, known);
    const value = await untilAborted(() => decision, call.signal);
    if (value === undefined || value === null) throw refusal(call, incident);
    return { value: copyState(value), ticket: incident.escalation.ticket };
  }

  succeeded(_value: unknown, { name }: ProtectedCall): void {
    this.#incidents.delete(name);
  }

  #begin(call: FailedCall): Incident {
    const { ledger, clock, timers } = this.#options;
    const escalation = escalationOf(call, clock.now());
    const recorded = recordEscalation(ledger, escalation, timers);
    const incident: Incident = {
      escalation,
      input: knownInput(call),
      recorded,
      admitted: false,
      answer: undefined,
      notBeforeMs: 0,
    };
    if (this.#incidents.size >= MAX_INCIDENTS) this.#incidents.delete(this.#incidents.keys().next().value);
    this.#incidents.set(call.name, incident);
    this.#begun += 1;
    void this.#human.ask(incident);
    if (!incident.admitted) this.#suppressed += 1;
    return incident;
  }
}

/** An approval of one payment is none of another. */
function isSameInput(call: FailedCall, { input }: Incident): boolean {
  return input !== undefined && input === knownInput(call);
}

/** The pipeline goes on with what it had. */
function goOn(call: FailedCall, incident: Incident): FallbackAnswer {
  const state = call.args?.[0];
  if (!isStateObject(state)) throw refusal(call, incident);
  return { value: copyState(state), ticket: incident.escalation.ticket };
}

function refusal({ name, error }: FailedCall, { escalation }: Incident): EscalatedError {
  return withoutStack(() => new EscalatedError(escalation.ticket, name, error));
}
