import type { Attributes } from "@opentelemetry/api";
import { redactText } from "../internal/redact.ts";
import {
  ATTR_INPUT_MESSAGES,
  ATTR_OUTPUT_MESSAGES,
  ATTR_TOOL_ARGUMENTS,
  ATTR_TOOL_RESULT,
} from "../telemetry/semconv.ts";

const MAX_LENGTH = 4_096;

/** `gen_ai.input.messages` of an agent: its arguments as one user message, in the conventions' JSON. */
export function captureInput(attributes: Attributes, args: readonly unknown[]): void {
  attributes[ATTR_INPUT_MESSAGES] = message("user", args.length === 1 ? args[0] : args);
}

export function captureOutput(attributes: Attributes, value: unknown): void {
  attributes[ATTR_OUTPUT_MESSAGES] = message("assistant", value);
}

export function captureToolCall(attributes: Attributes, args: readonly unknown[]): void {
  attributes[ATTR_TOOL_ARGUMENTS] = cut(toText(args.length === 1 ? args[0] : args));
}

export function captureToolResult(attributes: Attributes, value: unknown): void {
  attributes[ATTR_TOOL_RESULT] = cut(toText(value));
}

function message(role: string, value: unknown): string {
  return JSON.stringify([{ role, parts: [{ type: "text", content: cut(toText(value)) }] }]);
}

function cut(text: string): string {
  const clean = redactText(text.slice(0, 2 * MAX_LENGTH));
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH - 1)}…` : clean;
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
