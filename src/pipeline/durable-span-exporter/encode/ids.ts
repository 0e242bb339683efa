import type { ProtobufWriter } from "./protobuf-writer.ts";

/** By the code of a character. What is no hex digit gives what OpenTelemetry's transformer makes of it. */
const DIGITS = Uint8Array.from({ length: 2 ** 16 }, (_, code) => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : code - 0x37;
});

/**
 * A trace or span id, written in hex, as bytes with their length. Half a byte at the end is left out.
 * @throws TypeError for what is no string but has a length, and for null and undefined.
 */
export function writeId(out: ProtobufWriter, id: string): void {
  if (typeof id === "string") out.hex(id, DIGITS);
  else out.text(id);
}
