import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../source-files.ts";

export type Yaml = Readonly<Record<string, unknown>>;

export const text = (name: string): string => readFileSync(join(root, name), "utf8");

/** Merge keys (`<<`) are resolved, as Compose does it. */
export const yaml = (name: string): Yaml => section(parse(text(name), { merge: true }));

/** @returns The mapping under the path; an empty one where there is nothing. */
export function section(value: unknown, ...path: readonly string[]): Yaml {
  let at = value;
  for (const key of path) at = isMapping(at) ? at[key] : undefined;
  return isMapping(at) ? at : {};
}

export function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function isMapping(value: unknown): value is Yaml {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
