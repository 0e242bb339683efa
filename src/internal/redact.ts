import { REDACTED } from "./redact/mark.ts";
import { redactSecrets } from "./redact/redact-secrets.ts";
import { type RedactedText, userRedaction } from "./redact/user-redaction.ts";
import { reportFailure } from "./warn-once.ts";

const MAX_INPUT = 4_096;
const MAX_OUTPUT = 256;
/** A secret that is longer than this, and has no space in it, is of no known kind. */
const MAX_TORN = 512;

/** Replaces what looks like a secret by `[redacted]`. Linear in the length of `text`. For our own diagnostics. */
export function redactText(text: string): string {
  return redactSecrets(text);
}

/**
 * Redacts the beginning of a text for telemetry: first with the program's own function, then with our rules. Fails closed: what
 * cannot be cleared is `[redacted]`.
 *
 * @param maxInput Characters that are looked at; the word that this cuts in two is left out, as it may be half of a secret.
 */
export function redactBeginning(text: string, maxInput: number, what: RedactedText): string {
  try {
    return redactSecrets(userRedaction.apply(beginning(text, maxInput), what));
  } catch (error) {
    reportFailure("redacting a text", error);
    return REDACTED;
  }
}

/**
 * Makes an error message fit for telemetry: secrets become `[redacted]`, and it is cut to 256 characters. Done where the
 * text is made, so that no file, log line or exporter ever has the original.
 */
export function redactMessage(message: string): string {
  return cutText(redactBeginning(message, MAX_INPUT, "error"), MAX_OUTPUT);
}

/** Cut to `maxLength` characters, the last of which says so; never in the middle of a character. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const last = text.charCodeAt(maxLength - 2);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, Math.max(0, maxLength - (splitsPair ? 2 : 1)))}…`;
}

function beginning(text: string, maxInput: number): string {
  if (text.length <= maxInput) return text;
  let end = maxInput;
  while (end > 0 && maxInput - end < MAX_TORN && !isSpace(text.charCodeAt(end - 1))) end -= 1;
  // No space far and wide: one long run, which is judged as it is.
  return `${text.slice(0, maxInput - end < MAX_TORN && end > 0 ? end : maxInput)}…`;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
