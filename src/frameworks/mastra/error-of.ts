import { field, text } from "../../instrumentation/fields.ts";
import type { MastraExportedSpan } from "./mastra-span.ts";

/** What a span failed with: Mastra keeps the class and the message of an error, not itself. */
export function errorOf({ errorInfo }: MastraExportedSpan): Error | undefined {
  if (typeof errorInfo !== "object" || errorInfo === null) return undefined;
  const name = text(errorInfo, "id") ?? text(errorInfo, "name") ?? "Error";
  return Object.assign(new Error(text(errorInfo, "message") ?? ""), { name });
}

/** Whether a tool says by its answer alone that it failed. */
export function saysFailure(attributes: unknown): boolean {
  return field(attributes, "success") === false;
}
