/** Four numbers each, from 1, as the log data model has them. */
const SEVERITIES = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/** What the record says of its severity, else the name of its number. */
export function severityText(said: string, severity: number): string {
  return said !== "" ? said : (SEVERITIES[Math.floor((severity - 1) / 4)] ?? "");
}

/** A body that is no text becomes JSON. */
export function bodyText(body: unknown): string {
  if (body === null || body === undefined) return "";
  return typeof body === "string" ? body : JSON.stringify(body);
}
