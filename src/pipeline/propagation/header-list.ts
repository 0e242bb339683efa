import type { HeaderTest } from "./propagation-headers.ts";

/** What was left and what was taken off. `headers` is the caller's own object where nothing was. */
export interface Stripped {
  readonly headers: unknown;
  readonly names: readonly string[];
}

/** Runs for every request, so it makes nothing. */
export function hasHeader(headers: unknown, isWanted: HeaderTest): boolean {
  if (headers === null || typeof headers !== "object") return false;
  if (Array.isArray(headers)) return headerNames(headers).some(isWanted);
  for (const name in headers) if (isWanted(name)) return true;
  return false;
}

/**
 * Takes headers off in the shapes that Node's clients accept: an object, a flat array of names and values, an array of pairs. The
 * caller's object stays as it is; a changed copy is returned.
 */
export function stripHeaders(headers: unknown, isPropagation: HeaderTest): Stripped {
  const names = headerNames(headers).filter(isPropagation);
  if (names.length === 0) return { headers, names };
  const isKept = (name: unknown) => typeof name !== "string" || !isPropagation(name);
  if (!Array.isArray(headers)) return { headers: withoutKeys(headers as object, names), names };
  const list: readonly unknown[] = headers;
  const nameAt = (at: number) => (isPairs(list) ? (list[at] as readonly unknown[])[0] : list[at - (at % 2)]);
  return { headers: list.filter((_, at) => isKept(nameAt(at))), names };
}

/** @returns Every value of a header, whatever the case of its name. */
export function headerValues(headers: unknown, wanted: string): readonly string[] {
  return entriesOf(headers).flatMap(([name, value]) =>
    typeof name === "string" && name.toLowerCase() === wanted ? [value].flat().map(String) : [],
  );
}

function headerNames(headers: unknown): readonly string[] {
  return entriesOf(headers).flatMap(([name]) => (typeof name === "string" ? [name] : []));
}

function entriesOf(headers: unknown): readonly (readonly [name: unknown, value: unknown])[] {
  if (headers === null || typeof headers !== "object") return [];
  if (!Array.isArray(headers)) return Object.entries(headers);
  if (isPairs(headers)) return headers as readonly (readonly [unknown, unknown])[];
  const list: readonly unknown[] = headers;
  return list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1]] as const] : []));
}

/** As Node tells the two shapes apart. */
function isPairs(headers: readonly unknown[]): boolean {
  return Array.isArray(headers[0]);
}

/** Symbols too: http2 keeps the names of sensitive headers under one. */
function withoutKeys(headers: object, names: readonly string[]): object {
  const copy: Record<PropertyKey, unknown> = { ...headers };
  for (const name of names) delete copy[name];
  return copy;
}
