import { collector } from "./collector.ts";
import { jaeger } from "./jaeger.ts";
import { type Part, StackError } from "./part.ts";
import { postgres } from "./postgres.ts";
import { prometheus } from "./prometheus.ts";
import { redis } from "./redis.ts";

/** New parts go to the end: `--port-base` gives out numbers in this order. */
export const PARTS: readonly Part[] = [collector, jaeger, prometheus, redis, postgres];

/** @returns When no name is given, all parts but those that ask to be named. */
export function partsNamed(names: readonly string[]): readonly Part[] {
  for (const name of names) {
    if (!PARTS.some((part) => part.name === name)) {
      throw new StackError(
        `no part is called "${name}"; there are: ${PARTS.map((part) => part.name).join(", ")}`,
      );
    }
  }
  if (names.length === 0) return PARTS.filter((part) => part.onlyWhenNamed !== true);
  return PARTS.filter((part) => names.includes(part.name));
}
