import { isObject, type Json } from "../../../telemetry/otlp-json-values.ts";

/** A request has 9 levels down to a value, and a value of 8 levels two for each. */
const MAX_NESTING = 64;
/**
 * Lists, objects and commas. A body of 20 MiB has a million where its attributes are short; the parser takes half a second and
 * 100 MiB for that, and six times as much for what could be in it.
 */
const MAX_PARTS = 1_500_000;
/** Of one object. Those of a request have a dozen; the parser takes long for many different names in one. */
const MAX_MEMBERS = 1_000;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACKET = 0x5b;
const BRACKET_END = 0x5d;
const BRACE = 0x7b;
const BRACE_END = 0x7d;
const COMMA = 0x2c;

/**
 * Parses a body. Its brackets are looked at first: the parser keeps each that is open in memory, and makes an object of each
 * pair, so that 20 MiB of them would take hundreds.
 *
 * @throws SyntaxError, RangeError, TypeError on what is no JSON object.
 */
export function parseJsonBody(bytes: Uint8Array): Json {
  checkBrackets(bytes);
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

function checkBrackets(bytes: Uint8Array): void {
  let depth = 0;
  let parts = 0;
  const commas = new Int32Array(MAX_NESTING + 1);
  const inObject = new Uint8Array(MAX_NESTING + 1);
  let inText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inText) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === BRACKET || byte === BRACE) {
      depth += 1;
      parts += 1;
      if (depth > MAX_NESTING)
        throw new RangeError(`the body is nested more than ${MAX_NESTING} levels deep`);
      commas[depth] = 0;
      inObject[depth] = byte === BRACE ? 1 : 0;
    } else if (byte === BRACKET_END || byte === BRACE_END) depth -= 1;
    else if (byte === COMMA) {
      parts += 1;
      commas[depth] = (commas[depth] ?? 0) + 1;
      if (inObject[depth] === 1 && (commas[depth] ?? 0) >= MAX_MEMBERS)
        throw new RangeError(`an object has more than ${MAX_MEMBERS} members`);
    }
  }
  if (parts > MAX_PARTS) throw new RangeError(`the body has more than ${MAX_PARTS} parts`);
}
