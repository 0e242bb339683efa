import type { Attributes } from "@opentelemetry/api";

/** Reads a property of whatever a client or provider gave us; odd shapes and throwing getters read as `undefined`. */
export function field(source: unknown, name: string | symbol): unknown {
  if ((typeof source !== "object" && typeof source !== "function") || source === null) return undefined;
  try {
    return (source as Record<string | symbol, unknown>)[name];
  } catch {
    return undefined;
  }
}

export function text(source: unknown, name: string): string | undefined {
  const value = field(source, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function list(source: unknown, name: string): readonly unknown[] {
  const value = field(source, name);
  return Array.isArray(value) ? value : [];
}

/** The `name` of each item that has one. */
export function texts(items: readonly unknown[], name: string): readonly string[] {
  // No flatMap: it costs half a microsecond, and every answer is read through here.
  const found: string[] = [];
  for (const item of items) {
    const value = text(item, name);
    if (value !== undefined) found.push(value);
  }
  return found;
}

/** Whether a copy of its properties is sent as it would be itself: an object of a class may serialize itself in its own way. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || "toJSON" in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What a request field becomes on the span, by the field's name. */
export type RequestTable = ReadonlyMap<string, readonly [attribute: string, type: FieldType]>;

type FieldType = "number" | "string" | "strings";

export function requestTable(rows: readonly (readonly [string, string, FieldType])[]): RequestTable {
  return new Map(rows.map(([name, attribute, type]) => [name, [attribute, type]]));
}

/** The attributes of a request, from a table; a field of another type is left out. */
export function requestAttributes(body: unknown, table: RequestTable): Attributes {
  const attributes: Attributes = {};
  // Most requests have two or three fields of the dozen in a table.
  for (const name of namesOf(body)) {
    const row = table.get(name);
    if (row === undefined) continue;
    const [attribute, type] = row;
    const value = field(body, name);
    if (type === "strings") {
      const items = typeof value === "string" ? [value] : value;
      if (Array.isArray(items) && items.every((item) => typeof item === "string"))
        attributes[attribute] = [...items];
    } else if (type === typeof value) {
      attributes[attribute] = value as string | number;
    }
  }
  return attributes;
}

/** What a client would send: own and enumerable. */
function namesOf(body: unknown): readonly string[] {
  if (typeof body !== "object" || body === null) return [];
  try {
    return Object.keys(body);
  } catch {
    return [];
  }
}
