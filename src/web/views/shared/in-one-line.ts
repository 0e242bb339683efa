/** A value that may be anything, as text. */
export function inOneLine(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(inOneLine).join(", ");
  return JSON.stringify(value) ?? String(value);
}
