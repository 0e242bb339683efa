import { parse, parseAllDocuments } from "yaml";
import { type Shipped, textOf } from "./shipped.ts";

/** A mapping of JSON or YAML, of unknown content. */
export type Data = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @returns What stands under the path; `undefined` where there is nothing. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) found = isMapping(found) ? found[key] : undefined;
  return found;
}

/** @returns The mapping under the path; an empty one where there is nothing. */
export function section(value: unknown, ...path: readonly string[]): Data {
  const found = at(value, ...path);
  return isMapping(found) ? found : {};
}

/** @returns The mappings of the list under the path. */
export function list(value: unknown, ...path: readonly string[]): readonly Data[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isMapping) : [];
}

/** @returns The list under the path, as text. */
export function strings(value: unknown, ...path: readonly string[]): readonly string[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.map(String) : [];
}

/** @returns The text under the path; an empty one where there is none. */
export function word(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : typeof found === "number" ? String(found) : "";
}

/** Merge keys (`<<`) are resolved, as Compose and the collector do it. @throws Error where it is no YAML, or no such file. */
export function yamlOf(shipped: Shipped, path: string): Data {
  return section(parse(textOf(shipped, path), { merge: true, maxAliasCount: 1_000 }));
}

/** Every document of a file that holds several. */
export function yamlDocuments(text: string): readonly Data[] {
  return parseAllDocuments(text, { merge: true }).flatMap((document) => {
    const value: unknown = document.toJS();
    return isMapping(value) ? [value] : [];
  });
}

/** Every mapping in a value, the value itself first. */
export function* mappings(value: unknown): Generator<Data> {
  if (Array.isArray(value)) for (const one of value) yield* mappings(one);
  if (!isMapping(value)) return;
  yield value;
  for (const one of Object.values(value)) yield* mappings(one);
}
