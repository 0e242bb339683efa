import type { TextMapGetter } from "@opentelemetry/api";

/** Limits of the W3C recommendations; what is over one is dropped as a whole, since a part of it would say something else. */
const MOST_BAGGAGE_BYTES = 8_192;
const MOST_BAGGAGE_MEMBERS = 64;
const MOST_TRACESTATE_MEMBERS = 32;

/** What a sender could make us parse: no other header of a propagator is long. In characters. */
const LONGEST_OTHER = 1_024;
const LONGEST_TRACESTATE = 8_192;

/** Lets through what a well-behaved sender sends: each header once, and within its limits. */
export function cappedGetter<Carrier>(getter: TextMapGetter<Carrier>): TextMapGetter<Carrier> {
  return {
    keys: (carrier) => getter.keys(carrier),
    get(carrier, key) {
      const value = getter.get(carrier, key);
      const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
      return typeof only === "string" && isWithinLimits(key.toLowerCase(), only) ? only : undefined;
    },
  };
}

function isWithinLimits(name: string, value: string): boolean {
  switch (name) {
    case "baggage":
      return Buffer.byteLength(value) <= MOST_BAGGAGE_BYTES && hasMembers(value, MOST_BAGGAGE_MEMBERS);
    case "tracestate":
      return value.length <= LONGEST_TRACESTATE && hasMembers(value, MOST_TRACESTATE_MEMBERS);
    default:
      return value.length <= LONGEST_OTHER;
  }
}

function hasMembers(list: string, atMost: number): boolean {
  return list.split(",", atMost + 1).length <= atMost;
}
