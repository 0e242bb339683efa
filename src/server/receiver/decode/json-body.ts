import { isObject, type Json } from "../../../telemetry/otlp-json-values.ts";

/** A request has 9 levels down to a value, and a value of 8 levels two for each. */
const MAX_NESTING = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;
const BRACE = 0x7b;
const BRACE_END = 0x7d;

/**
 * Parses a body. Its nesting is looked at first: the parser keeps each open bracket in memory, so that 20 MiB of them would
 * take hundreds.
 *
 * @throws SyntaxError, RangeError, TypeError on what is no JSON object.
 */
export function parseJsonBody(bytes: Uint8Array): Json {
  checkNesting(bytes);
  const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!isObject(parsed)) throw new TypeError("the body is not a JSON object");
  return parsed;
}

/** The list of a request under that name. Left out is empty. @throws TypeError where it is something else. */
export function listOf(request: Json, key: string): readonly unknown[] {
  const list = request[key] ?? [];
  if (!Array.isArray(list)) throw new TypeError(`${key} is not a list`);
  return list;
}

function checkNesting(bytes: Uint8Array): void {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inText) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === BRACKET || byte === BRACE) {
      depth += 1;
      if (depth > MAX_NESTING)
        throw new RangeError(`the body is nested more than ${MAX_NESTING} levels deep`);
    } else if (byte === BRACKET_END || byte === BRACE_END) depth -= 1;
  }
}
