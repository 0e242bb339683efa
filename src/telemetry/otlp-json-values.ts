// Values of OTLP/JSON, for the readers of all signals.

// Protocol buffers stop at 100. Attribute values of real spans are two or three levels deep.
const MAX_VALUE_DEPTH = 32;

/** Attributes by their keys. */
export function attributesOf(raw: unknown): Record<string, unknown> {
  // fromEntries defines keys, it does not assign them, so that a key "__proto__" stays a key.
  return Object.fromEntries(objects(raw).map((pair) => [text(pair["key"]), anyValue(pair["value"], 0)]));
}

/** An AnyValue as plain data. */
export function anyValue(raw: unknown, depth: number): unknown {
  if (!isObject(raw) || depth > MAX_VALUE_DEPTH) return null;
  if ("intValue" in raw) return integer(raw["intValue"]);
  // JavaScript's encoder writes null for NaN, others write "NaN" and "Infinity".
  if ("doubleValue" in raw) return raw["doubleValue"] === null ? Number.NaN : Number(raw["doubleValue"]);
  if ("arrayValue" in raw)
    return objects(field(raw, "arrayValue")?.["values"]).map((v) => anyValue(v, depth + 1));
  if ("kvlistValue" in raw) {
    const pairs = objects(field(raw, "kvlistValue")?.["values"]);
    return Object.fromEntries(pairs.map((pair) => [text(pair["key"]), anyValue(pair["value"], depth + 1)]));
  }
  return raw["stringValue"] ?? raw["boolValue"] ?? raw["bytesValue"] ?? null;
}

/** Past 2^53 a number would be rounded, so such integers stay text. */
function integer(raw: unknown): number | string | null {
  const value = Number(raw);
  return Number.isSafeInteger(value) ? value : typeof raw === "string" ? raw : value;
}

/** An id in lower case; `undefined` where it has another length or is all zeros. */
export function hexId(raw: unknown, digits: number): string | undefined {
  if (typeof raw !== "string" || raw.length !== digits || !/^[0-9a-f]+$/i.test(raw) || /^0+$/.test(raw))
    return undefined;
  return raw.toLowerCase();
}

/** Nanoseconds since the epoch; `undefined` where there are none, or 0. */
export function nanos(raw: unknown): bigint | undefined {
  if (typeof raw === "number" && Number.isFinite(raw) && raw > 0) return BigInt(Math.trunc(raw));
  if (typeof raw !== "string" || !/^\d{1,20}$/.test(raw)) return undefined;
  return BigInt(raw) || undefined;
}

export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Those of a list that are objects. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function field(value: Json, key: string): Json | undefined {
  const inner = value[key];
  return isObject(inner) ? inner : undefined;
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
