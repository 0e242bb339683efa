// What the OTLP/HTTP specification has for answers: a response message, or google.rpc.Status, in the encoding of the request.
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { Decoded } from "./decode/decoded.ts";
import type { Signal } from "./decode/signals.ts";
import { CONTENT_TYPE, type Encoding } from "./media.ts";

/** Numbers of google.rpc.Code. */
const CODES: Readonly<Record<number, number>> = {
  400: 3, // INVALID_ARGUMENT
  404: 5, // NOT_FOUND
  405: 12, // UNIMPLEMENTED
  408: 1, // CANCELLED
  413: 8, // RESOURCE_EXHAUSTED
  415: 3,
  503: 14, // UNAVAILABLE
};

/** A request that is refused. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  /** @param message Goes to the sender: of this package's own words alone. */
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** All of it, or what was not rejected, is kept. */
export function success(
  encoding: Encoding,
  { rejectedKey }: Signal,
  { rejected, message }: Decoded,
): Response {
  const headers = { "content-type": CONTENT_TYPE[encoding] };
  if (rejected === 0) return new Response(encoding === "json" ? "{}" : new Uint8Array(0), { headers });
  if (encoding === "json") {
    const partialSuccess = { [rejectedKey]: String(rejected), errorMessage: message };
    return new Response(JSON.stringify({ partialSuccess }), { headers });
  }
  const body = new BinaryWriter()
    .tag(1, 2)
    .fork()
    .tag(1, 0)
    .int64(rejected)
    .tag(2, 2)
    .string(message)
    .join()
    .finish();
  return new Response(new Uint8Array(body), { headers });
}

export function refused(encoding: Encoding, { status, message, headers }: Refusal): Response {
  const code = CODES[status] ?? 2;
  const body =
    encoding === "json"
      ? JSON.stringify({ code, message })
      : new Uint8Array(new BinaryWriter().tag(1, 0).int32(code).tag(2, 2).string(message).finish());
  return new Response(body, { status, headers: { ...headers, "content-type": CONTENT_TYPE[encoding] } });
}
