import type { Attributes } from "@opentelemetry/api";

/** Reads a property of whatever a client or provider gave us; odd shapes and throwing getters read as `undefined`. */
export function field(source: unknown, name: string): unknown {
  if ((typeof source !== "object" && typeof source !== "function") || source === null) return undefined;
  try {
    return (source as Record<string, unknown>)[name];
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

/** Whether a copy of its properties is sent as it would be itself: an object of a class may serialize itself in its own way. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || "toJSON" in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What a request field becomes on the span: `[field, attribute, type]`. */
export type RequestTable = readonly (readonly [string, string, "number" | "string" | "strings"])[];

/** The attributes of a request, from a table; a field of another type is left out. */
export function requestAttributes(body: unknown, table: RequestTable): Attributes {
  const attributes: Attributes = {};
  for (const [name, attribute, type] of table) {
    const value = field(body, name);
    if (value === undefined || value === null) continue;
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
