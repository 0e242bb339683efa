import { collector } from "./collector.ts";
import { jaeger } from "./jaeger.ts";
import { type Part, StackError } from "./part.ts";
import { prometheus } from "./prometheus.ts";

/** New parts go to the end: `--port-base` gives out numbers in this order. */
export const PARTS: readonly Part[] = [collector, jaeger, prometheus];

/** @returns All parts when no name is given. */
export function partsNamed(names: readonly string[]): readonly Part[] {
  for (const name of names) {
    if (!PARTS.some((part) => part.name === name)) {
      throw new StackError(
        `no part is called "${name}"; there are: ${PARTS.map((part) => part.name).join(", ")}`,
      );
    }
  }
  return names.length === 0 ? PARTS : PARTS.filter((part) => names.includes(part.name));
}
