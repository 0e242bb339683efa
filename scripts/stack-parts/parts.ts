import { alertmanager } from "./alertmanager.ts";
import { collector, gateway } from "./collector.ts";
import { composePlugin } from "./compose-plugin.ts";
import { jaeger } from "./jaeger.ts";
import { kustomize } from "./kustomize.ts";
import { type Part, type Program, StackError } from "./part.ts";
import { postgres } from "./postgres.ts";
import { prometheus } from "./prometheus.ts";
import { redis } from "./redis.ts";

/** New parts go to the end: `--port-base` gives out numbers in this order. */
export const PARTS: readonly Part[] = [collector, jaeger, prometheus, redis, postgres, alertmanager, gateway];

/** Checkers of what is shipped: built when they are named, and nothing that runs. */
export const TOOLS: readonly Program[] = [composePlugin, kustomize];

/** @returns What `build` makes: the parts, or the parts and tools that are named. */
export function programsNamed(names: readonly string[]): readonly Program[] {
  const tools = TOOLS.filter((tool) => names.includes(tool.name));
  const others = names.filter((name) => !tools.some((tool) => tool.name === name));
  return tools.length > 0 && others.length === 0 ? tools : [...partsNamed(others), ...tools];
}

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
