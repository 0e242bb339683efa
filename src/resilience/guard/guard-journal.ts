import { type Attributes, isSpanContextValid, trace } from "@opentelemetry/api";
import type { Clock } from "../../internal/clock.ts";
import { safely } from "../../internal/warn-once.ts";
import type { Ledger, LedgerEntry } from "../../stores/ledger/ledger.ts";
import * as names from "../../telemetry/semconv.ts";
import type { Block } from "./block.ts";
import type { GuardCounts } from "./guard-counts.ts";
import type { Verdict } from "./version.ts";

/** Tells what a guard does: counts, events on the active span, rows in the ledger. Names and reasons, never a value. Never throws. */
export class GuardJournal {
  readonly #name: string;
  readonly #counts: GuardCounts;
  readonly #ledger: Pick<Ledger, "record"> | undefined;
  readonly #clock: Clock;

  constructor(name: string, counts: GuardCounts, ledger: Pick<Ledger, "record"> | undefined, clock: Clock) {
    this.#name = name;
    this.#counts = counts;
    this.#ledger = ledger;
    this.#clock = clock;
  }

  blocked(block: Block): void {
    const isOn = (): boolean => !block.released && this.#clock.monotonic() < block.untilMs;
    this.#counts.blocked({ node: block.node, isOn });
    event(names.EVENT_QUARANTINED, block.field, block.node, block);
    const { reason, by, node } = block;
    const payload = { guard: this.#name, by, ...(node !== undefined && { node }) };
    this.#keep({ kind: "transition", subject: block.field, from: "readable", to: reason, payload });
  }

  /** @param node Who read. */
  withheld(node: string | undefined, field: string, verdict: Verdict): void {
    this.#counts.read(node);
    event(names.EVENT_QUARANTINED_READ, field, node, verdict);
  }

  /** What a person did. */
  byHand(field: string, to: "quarantined" | "released", actor: string): void {
    this.#keep({ kind: "operator", subject: field, to, actor, payload: { guard: this.#name } });
  }

  #keep(entry: LedgerEntry): void {
    if (this.#ledger === undefined) return;
    safely("writing to the ledger", () => this.#ledger?.record({ ...entry, ...whereOf() }));
  }
}

function event(name: string, field: string, node: string | undefined, { reason, by }: Verdict): void {
  safely(`adding the event ${name}`, () => {
    const span = trace.getActiveSpan();
    if (!span?.isRecording()) return;
    const attributes: Attributes = {
      [names.ATTR_GUARD_FIELD]: field,
      [names.ATTR_GUARD_SOURCE]: by,
      [names.ATTR_GUARD_REASON]: reason,
    };
    if (node !== undefined) attributes[names.ATTR_GUARD_NODE] = node;
    span.addEvent(name, attributes);
  });
}

/** The trace in which it happened. */
function whereOf(): Pick<LedgerEntry, "traceId" | "spanId"> {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? { traceId: span.traceId, spanId: span.spanId } : {};
}
