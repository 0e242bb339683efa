import { cutText } from "../../../internal/redact.ts";

const MAX = 256;

/** A value of an attribute as a name in a column; `undefined` where it is none. SQLite ends a text at the first NUL when it is read. */
export function columnText(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") return undefined;
  const whole = value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;
  return whole.length > MAX ? cutText(whole, MAX) : whole;
}
