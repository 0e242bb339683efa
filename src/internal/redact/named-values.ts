import { REDACTED } from "./mark.ts";
import { secretNamePattern } from "./secret-names.ts";

/** Where a value stands: what is between its quotes, and where the text goes on. */
interface Place {
  readonly from: number;
  readonly to: number;
  /** Whether what is taken out was no text, so that quotes keep JSON valid. */
  readonly structured?: boolean;
}

/** Schemes of an Authorization header: one more word follows, or parameters to the end of the line. */
const ONE_WORD = /^(?:bearer|basic|token|apikey|negotiate|ntlm)$/i;
const PARAMETERS = /^(?:digest|hawk|aws4-hmac-sha256|oauth|signature)$/i;
const END = /[\s"'`,;&)}\]<>]/;

/**
 * Replaces the values of secret names: `password=x`, `"apiKey": "x"`, `Authorization: Bearer x`, `Cookie: a=b; c=d`. Looks at
 * each character of a value once.
 */
export function redactNamedValues(text: string): string {
  const names = secretNamePattern();
  let clean = "";
  let done = 0;
  for (let found = names.exec(text); found !== null; found = names.exec(text)) {
    const place = placeOfValue(text, names.lastIndex, /cookie/i.test(found[0]));
    if (place.to <= place.from) continue;
    clean += text.slice(done, place.from) + (place.structured ? `"${REDACTED}"` : REDACTED);
    done = place.to;
    names.lastIndex = done;
  }
  return done === 0 ? text : clean + text.slice(done);
}

function placeOfValue(text: string, at: number, cookie: boolean): Place {
  let start = at;
  while (text[start] === "\\") start += 1;
  const first = text[start];
  if (first === '"' || first === "'" || first === "`") return quoted(text, start, start - at);
  const marked = start + REDACTED.length;
  if (text.startsWith(REDACTED, start) && endOfWord(text, marked) === marked) return { from: at, to: at };
  if (first === "{" || first === "[") return { from: at, to: endOfBrackets(text, at), structured: true };
  const word = endOfWord(text, at);
  const said = text.slice(at, Math.min(word, at + 32));
  if (cookie && text.slice(at, word).includes("=")) return { from: at, to: endOfLine(text, at) };
  if (PARAMETERS.test(said)) return { from: at, to: endOfLine(text, at) };
  return { from: at, to: ONE_WORD.test(said) ? endOfWord(text, endOfSpace(text, word)) : word };
}

/** @param escapes Backslashes before the quote: JSON inside of JSON. The closing one has as many. */
function quoted(text: string, at: number, escapes: number): Place {
  const from = at + 1;
  let slashes = 0;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (char === "\n" && escapes === 0) return { from, to: i };
    if (char === text[at] && slashes <= escapes) return { from, to: i - slashes };
    // Without escapes around, a backslash takes the next character with it.
    if (char === "\\") {
      if (escapes === 0) i += 1;
      else slashes += 1;
    } else slashes = 0;
  }
  return { from, to: text.length };
}

function endOfBrackets(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const char = text[i];
    if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") depth -= 1;
    if (depth === 0) return i + 1;
  }
  return text.length;
}

function endOfWord(text: string, at: number): number {
  let end = at;
  while (end < text.length && !END.test(text[end]!)) end += 1;
  return end;
}

function endOfSpace(text: string, at: number): number {
  let end = at;
  while (text[end] === " " || text[end] === "\t") end += 1;
  return end;
}

function endOfLine(text: string, at: number): number {
  let end = at;
  while (end < text.length && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return end;
}
