import { fieldsOf } from "./protobuf-fields.ts";

// A binary body is no text. The second is what bytes become that are no UTF-8.
const NO_TEXT = /[^\P{Cc}\t\n\r]|\ufffd/u;

/**
 * What an error answer says: the message of a google.rpc.Status, as OTLP asks for, or the text that proxies answer with.
 *
 * @returns Empty where there is nothing to read. Neither cut nor redacted.
 */
export function errorText(body: Uint8Array): string {
  // As a stream, because a long body may be cut inside a letter.
  const text = statusMessage(body) || new TextDecoder().decode(body, { stream: true });
  return NO_TEXT.test(text) ? "" : text.trim();
}

/** Empty where the body is no Status. */
function statusMessage(body: Uint8Array): string {
  try {
    let message = "";
    for (const { number, value } of fieldsOf(body)) {
      if (number === 2 && value instanceof Uint8Array) message = new TextDecoder().decode(value);
    }
    return message;
  } catch {
    return "";
  }
}
