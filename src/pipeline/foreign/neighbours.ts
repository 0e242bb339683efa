import type { SpanContext } from "@opentelemetry/api";
import { madeByCallback, othersAreActive, sameCall, type Told } from "../../agent/foreign/told.ts";
import type { Nest } from "./nest.ts";

/** A span that never ends keeps its neighbourhood open; what is told there must not grow without end. */
const MAX_TOLD = 64;

/** Calls that were told of while a span made from callbacks was open under the same parent. */
class Neighbourhood {
  /** Counts starts and calls, to tell what came first. */
  now = 0;
  open = 0;
  readonly told: { readonly call: Told; readonly at: number }[] = [];
}

interface Stay {
  readonly place: Neighbourhood;
  readonly since: number;
}

/**
 * Finds model calls that are repeated side by side: the span made from callbacks began before the client's, ends after it and
 * tells the same tokens. Each call of a client is taken by one such span at the most. Costs nothing where there are none.
 */
export class Neighbours {
  readonly #under = new WeakMap<SpanContext, Neighbourhood>();
  readonly #atTheTop = new Neighbourhood();
  readonly #stays = new WeakMap<Nest, Stay>();

  start(nest: Nest): void {
    if (!byCallback(nest)) return;
    // A chain and its model span are made alike: the client's span is next to the outermost of them.
    const around = othersAreActive(nest.span.instrumentationScope.name) ? undefined : nest.outer;
    const place = (around && this.#stays.get(around)?.place) ?? this.#madeAt(nest.parent);
    place.open += 1;
    place.now += 1;
    this.#stays.set(nest, { place, since: place.now });
  }

  end(nest: Nest): void {
    const place = this.#stays.get(nest)?.place;
    if (place === undefined) return;
    place.open -= 1;
    if (place.open === 0) place.told.length = 0;
  }

  /** Notes a counted call of a span, or of one below it. */
  tell(nest: Nest, call: Told): void {
    const place = nest.parent === undefined ? this.#atTheTop : this.#under.get(nest.parent);
    if (place === undefined || place.open === 0 || byCallback(nest)) return;
    place.now += 1;
    place.told.push({ call, at: place.now });
    if (place.told.length > MAX_TOLD) place.told.shift();
  }

  /** Whether a neighbour has counted this call. */
  take(nest: Nest, mine: Told): boolean {
    const stay = this.#stays.get(nest);
    if (stay === undefined || mine.tokens === undefined) return false;
    const { told } = stay.place;
    const found = told.findIndex(({ call, at }) => at > stay.since && sameCall(call, mine));
    if (found === -1) return false;
    told.splice(found, 1);
    return true;
  }

  #madeAt(parent: SpanContext | undefined): Neighbourhood {
    if (parent === undefined) return this.#atTheTop;
    let place = this.#under.get(parent);
    if (place === undefined) {
      place = new Neighbourhood();
      this.#under.set(parent, place);
    }
    return place;
  }
}

function byCallback({ span }: Nest): boolean {
  return madeByCallback(span.instrumentationScope.name);
}
