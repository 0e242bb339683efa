import { REDACTED } from "../../internal/redact/mark.ts";
import { isSecretName } from "../../internal/redact/secret-names.ts";
import { cutText, redactBeginning } from "../../internal/redact.ts";

// A log record waits in a queue for its export, so what a line holds is copied, redacted, and only so much of it.
const MAX_TEXT = 16_384;
const MAX_ITEMS = 64;
const MAX_DEPTH = 4;

export type Fields = Record<string, unknown>;

export function boundedText(text: string): string {
  return cutText(redactBeginning(text, 2 * MAX_TEXT, "log"), MAX_TEXT);
}

/** At most 64 fields. Those that nothing is known of are left out. */
export function boundedFields(fields: Readonly<Record<string, unknown>> = {}, depth = 0): Fields {
  const copy: Fields = {};
  for (const key of Object.keys(fields).slice(0, MAX_ITEMS)) {
    const value = isSecretName(key) ? REDACTED : boundedValue(fields[key], depth + 1);
    if (value !== undefined) copy[key] = value;
  }
  return copy;
}

/** A copy that OTLP can carry: text, numbers, booleans, arrays and plain objects, four levels deep, 64 items wide. */
export function boundedValue(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case "string":
      return boundedText(value);
    case "number":
    case "boolean":
      return value;
    case "bigint":
      return String(value);
    case "object":
      return value === null ? null : boundedObject(value, depth);
    default:
      return undefined;
  }
}

function boundedObject(value: object, depth: number): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (value instanceof Error) return boundedText(`${value.name}: ${value.message}`);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_DEPTH) return Array.isArray(value) ? "[array]" : "[object]";
  if (Array.isArray(value)) {
    return value.slice(0, MAX_ITEMS).map((item) => boundedValue(item, depth + 1) ?? null);
  }
  return boundedFields(value as Readonly<Record<string, unknown>>, depth);
}
