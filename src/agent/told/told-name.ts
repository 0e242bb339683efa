/** As `agent` and `tool` demand of those who write names down. */
const MAX_LENGTH = 128;

/** The name that a framework has for an agent or a tool: any text, or none. @returns One that is fit for a span and a label. */
export function toldName(value: unknown, otherwise: string): string {
  if (typeof value !== "string") return otherwise;
  const name = value.trim().slice(0, MAX_LENGTH);
  return name === "" ? otherwise : name;
}
