import type { Context, TextMapPropagator, TextMapSetter } from "@opentelemetry/api";
import { hostAllowList } from "../../src/pipeline/propagation/host-allow-list.ts";
import { readAuthority } from "../../src/pipeline/propagation/host-name.ts";

/**
 * How one keeps headers from strangers at first: in the propagator. It is given a carrier and no host; a Host header is all that it
 * can look for, and the carrier seldom has one.
 */
export function propagationByPropagator(
  inner: TextMapPropagator,
  entries: readonly string[],
): TextMapPropagator {
  const allow = hostAllowList(entries);
  return {
    inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>) {
      const host: unknown = Reflect.get(carrier as object, "host");
      if (typeof host === "string" && !allow.allows(readAuthority(host, 80))) return;
      inner.inject(context, carrier, setter);
    },
    extract: (context, carrier, getter) => inner.extract(context, carrier, getter),
    fields: () => inner.fields(),
  };
}
