import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_INPUT_MESSAGES,
  ATTR_OUTPUT_MESSAGES,
  ATTR_TOOL_ARGUMENTS,
  ATTR_TOOL_RESULT,
} from "../telemetry/semconv.ts";
import { Cleaner, cleanText } from "./content/clean.ts";

/** Characters of a text, bytes of JSON. */
const MAX_LENGTH = 4_096;
/** What the marks of what was left out may take, one for each level that is open at the cut. */
const MARKS = 512;

/** `gen_ai.input.messages` of an agent: its arguments as one user message, in the conventions' JSON. */
export function captureInput(attributes: Attributes, args: readonly unknown[]): void {
  attributes[ATTR_INPUT_MESSAGES] = message("user", args.length === 1 ? args[0] : args);
}

export function captureOutput(attributes: Attributes, value: unknown): void {
  attributes[ATTR_OUTPUT_MESSAGES] = message("assistant", value);
}

export function captureToolCall(attributes: Attributes, args: readonly unknown[]): void {
  attributes[ATTR_TOOL_ARGUMENTS] = cleanValue(args.length === 1 ? args[0] : args);
}

export function captureToolResult(attributes: Attributes, value: unknown): void {
  attributes[ATTR_TOOL_RESULT] = cleanValue(value);
}

function message(role: string, value: unknown): string {
  return JSON.stringify([{ role, parts: [{ type: "text", content: cleanValue(value) }] }]);
}

/** A text as it is, everything else as JSON that stays valid where it is cut. */
function cleanValue(value: unknown): string {
  if (typeof value === "string") return cleanText(value, MAX_LENGTH);
  if (typeof value !== "object" || value === null) return String(value);
  return JSON.stringify(new Cleaner(MAX_LENGTH - MARKS).value(value)) ?? String(value);
}
