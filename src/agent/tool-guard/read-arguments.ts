import { isPlainObject, jsonText, parseJson } from "../../internal/plain-json.ts";

export interface ArgumentLimits {
  readonly maxBytes: number;
}

export type ReadArguments =
  | { readonly value: Record<string, unknown> }
  /** For the model. Says where and what, never a value. */
  | { readonly problem: string; readonly kind: "malformed_arguments" | "invalid_arguments" };

/** As deep as any schema that a provider takes, and far from where a recursive check runs out of stack. */
const MAX_DEPTH = 32;
const MAX_NODES = 20_000;
const MAX_PROBLEM = 200;

/**
 * Reads the arguments of a call: JSON text, or an object that is plain JSON. None at all, and an empty text, is an object
 * without properties, as providers send it for tools without parameters.
 *
 * @returns A copy, so that a tool that changes its arguments does not change the conversation. Never throws.
 */
export function readArguments(given: unknown, { maxBytes }: ArgumentLimits): ReadArguments {
  if (given === undefined || given === null || given === "") return { value: {} };
  const limits = { maxBytes, maxDepth: MAX_DEPTH, maxNodes: MAX_NODES };
  try {
    const text = typeof given === "string" ? given : jsonText("arguments", given, limits);
    const value = parseJson("arguments", text, limits);
    if (isPlainObject(value)) return { value };
    return { problem: `arguments must be a JSON object, got ${kindOf(value)}`, kind: "invalid_arguments" };
  } catch (error) {
    return { problem: said(error), kind: "malformed_arguments" };
  }
}

/** What a parser says of a text quotes it; what our own checks say names paths. */
function said(error: unknown): string {
  const isOurs = error instanceof TypeError || error instanceof RangeError;
  // A stack that overflows in a hostile `toJSON` is a RangeError too, and says nothing of the arguments.
  if (isOurs && error.message.startsWith("arguments"))
    return error.message.replaceAll(/\p{Cc}/gu, "\uFFFD").slice(0, MAX_PROBLEM);
  return "arguments must be valid JSON";
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
