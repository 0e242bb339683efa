import type { Frame } from "../frame-queue.ts";

const SMALLEST_GZIP = 18;

/** Bytes of a request as it goes over the wire, or as the receiver unpacks it, whichever is more. */
export function requestBytes({ body, gzip }: Frame): number {
  return gzip ? Math.max(body.byteLength, unpackedBytes(body)) : body.byteLength;
}

/** A gzip file ends with its unpacked size (RFC 1952, 2.3.1). */
function unpackedBytes(body: Uint8Array): number {
  if (body.byteLength < SMALLEST_GZIP) return 0;
  return new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(body.byteLength - 4, true);
}
