import { isSpanContextValid, trace } from "@opentelemetry/api";
import { safely } from "../../internal/warn-once.ts";
import type { Ledger, LedgerEntry } from "../../stores/ledger/ledger.ts";
import { errorMessage, errorType } from "../../telemetry/error-type.ts";
import { breakerMoved } from "../../telemetry/resilience/breaker-events.ts";
import type { TransitionCount } from "../../telemetry/resilience/breaker-facts.ts";
import type { BreakerMachine } from "./breaker-machine.ts";
import type { BreakerTransition } from "./breaker-transition.ts";

/** What may be done to a machine by hand, and from other processes. */
export type OperatedMachine = Pick<BreakerMachine, "reset" | "forceOpen" | "disable" | "hurry">;

/** Tells of what one breaker did: counts of its transitions, events on spans, rows in the ledger where there is one. Never throws. */
export class BreakerJournal {
  readonly #name: string;
  readonly #ledger: Pick<Ledger, "record"> | undefined;
  /** A state machine of five states: the ways are few. */
  readonly #transitions = new Map<string, { -readonly [K in keyof TransitionCount]: TransitionCount[K] }>();
  #actor: string | undefined;

  constructor(name: string, ledger: Pick<Ledger, "record"> | undefined) {
    this.#name = name;
    this.#ledger = ledger;
  }

  /** A failure that counts. */
  failed(error: unknown): void {
    this.#keep({ kind: "failure", subject: this.#name }, error);
  }

  moved({ from, to, reason, cause }: BreakerTransition): void {
    this.#count(from, to, reason);
    breakerMoved(this.#name, from, to, reason);
    this.#keep({ kind: "transition", subject: this.#name, from, to, payload: { reason } }, cause);
  }

  /** The machine, for what an operator does: the transitions that come of it are the actor's. */
  acting(actor: string | undefined, machine: BreakerMachine): OperatedMachine {
    const as = (act: () => void) => (): void => {
      this.#actor = actor;
      try {
        act();
      } finally {
        this.#actor = undefined;
      }
    };
    return {
      reset: as(() => machine.reset()),
      forceOpen: as(() => machine.forceOpen()),
      disable: as(() => machine.disable()),
      hurry: (on) => machine.hurry(on),
    };
  }

  transitions(): readonly TransitionCount[] {
    return [...this.#transitions.values()];
  }

  #count(from: string, to: string, reason: string): void {
    const key = `${from} ${to} ${reason}`;
    const known = this.#transitions.get(key);
    if (known === undefined) this.#transitions.set(key, { from, to, reason, count: 1 });
    else known.count += 1;
  }

  #keep(entry: LedgerEntry, cause: unknown): void {
    if (this.#ledger === undefined) return;
    safely("writing to the ledger", () =>
      this.#ledger?.record({
        ...entry,
        ...whyOf(cause),
        ...whereOf(),
        ...(this.#actor && { actor: this.#actor }),
      }),
    );
  }
}

function whyOf(cause: unknown): Pick<LedgerEntry, "cause" | "errorType"> {
  if (cause === undefined) return {};
  const message = errorMessage(cause);
  return { errorType: errorType(cause), ...(message && { cause: message }) };
}

/** The trace in which it happened. */
function whereOf(): Pick<LedgerEntry, "traceId" | "spanId"> {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : {};
}
