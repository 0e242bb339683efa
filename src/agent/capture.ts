import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_INPUT_MESSAGES,
  ATTR_OUTPUT_MESSAGES,
  ATTR_TOOL_ARGUMENTS,
  ATTR_TOOL_RESULT,
} from "../telemetry/semconv.ts";
import { cleanText } from "./content/clean.ts";

const MAX_LENGTH = 4_096;

/** `gen_ai.input.messages` of an agent: its arguments as one user message, in the conventions' JSON. */
export function captureInput(attributes: Attributes, args: readonly unknown[]): void {
  attributes[ATTR_INPUT_MESSAGES] = message("user", args.length === 1 ? args[0] : args);
}

export function captureOutput(attributes: Attributes, value: unknown): void {
  attributes[ATTR_OUTPUT_MESSAGES] = message("assistant", value);
}

export function captureToolCall(attributes: Attributes, args: readonly unknown[]): void {
  attributes[ATTR_TOOL_ARGUMENTS] = cleanText(toText(args.length === 1 ? args[0] : args), MAX_LENGTH);
}

export function captureToolResult(attributes: Attributes, value: unknown): void {
  attributes[ATTR_TOOL_RESULT] = cleanText(toText(value), MAX_LENGTH);
}

function message(role: string, value: unknown): string {
  return JSON.stringify([{ role, parts: [{ type: "text", content: cleanText(toText(value), MAX_LENGTH) }] }]);
}

function toText(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // Cycles, BigInt, a throwing toJSON: the content is worth less than the call.
    return "[unserializable]";
  }
}
