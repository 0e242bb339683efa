import type { TraceSpan } from "../../telemetry/trace-span.ts";
import { CLOCK_NS } from "./span-node.ts";
import { sameCall, type Told } from "./told.ts";

/** Of one trace, or of one process. The ones that came first go first. */
const MAX_CALLS = 64;

interface ToldCall {
  readonly call: Told;
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** Counted model calls that a span made from callbacks may tell of once more: each is taken once. */
export class ToldCalls {
  readonly #calls: ToldCall[] = [];

  add({ startNs, endNs }: TraceSpan, call: Told): void {
    if (endNs === undefined || call.tokens === undefined) return;
    this.#calls.push({ call, startNs, endNs });
    if (this.#calls.length > MAX_CALLS) this.#calls.shift();
  }

  /** Takes one that ran within this span and is the same. @returns whether there was one. */
  take({ startNs, endNs }: TraceSpan, mine: Told): boolean {
    if (endNs === undefined || mine.tokens === undefined) return false;
    const found = this.#calls.findIndex(
      (other) => other.startNs >= startNs && other.endNs <= endNs + CLOCK_NS && sameCall(other.call, mine),
    );
    if (found === -1) return false;
    this.#calls.splice(found, 1);
    return true;
  }
}
