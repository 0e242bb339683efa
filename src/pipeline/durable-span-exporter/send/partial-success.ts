import { fieldsOf } from "./protobuf-fields.ts";

/** `partial_success` of an OTLP ExportTraceServiceResponse. */
export interface PartialSuccess {
  /** As the receiver says: may be negative, or more than were sent. */
  readonly rejectedSpans: bigint;
  /** Empty where it says nothing. Neither cut nor redacted. */
  readonly message: string;
}

export const FULL_SUCCESS: PartialSuccess = { rejectedSpans: 0n, message: "" };

const OPENING_BRACE = 0x7b;
// Nested a million deep, 4 MiB of JSON would hold up the event loop for a second.
const MAX_JSON_BYTES = 64 * 1_024;
const INT64 = /^-?\d{1,19}$/;

/**
 * Reads the body of a 2xx answer, in protobuf or in JSON: some receivers answer in JSON whatever they were asked in. No
 * message in protobuf begins with a brace, so the first byte tells.
 *
 * @returns Full success where the body cannot be read: the status has said that the spans are there.
 */
export function readPartialSuccess(body: Uint8Array): PartialSuccess {
  try {
    return body[0] === OPENING_BRACE ? fromJson(body) : fromProtobuf(body);
  } catch {
    return FULL_SUCCESS;
  }
}

function fromProtobuf(body: Uint8Array): PartialSuccess {
  let found = FULL_SUCCESS;
  for (const { number, value } of fieldsOf(body)) {
    if (number === 1 && value instanceof Uint8Array) found = merged(found, value);
  }
  return found;
}

function merged(before: PartialSuccess, bytes: Uint8Array): PartialSuccess {
  let { rejectedSpans, message } = before;
  for (const { number, value } of fieldsOf(bytes)) {
    if (number === 1 && typeof value === "bigint") rejectedSpans = BigInt.asIntN(64, value);
    if (number === 2 && value instanceof Uint8Array) message = new TextDecoder().decode(value);
  }
  return { rejectedSpans, message };
}

/** In the JSON mapping of protobuf an int64 is a string, and readers take numbers too. */
function fromJson(body: Uint8Array): PartialSuccess {
  if (body.length > MAX_JSON_BYTES) return FULL_SUCCESS;
  const answer: unknown = JSON.parse(new TextDecoder().decode(body));
  const partial = field(answer, "partialSuccess") ?? field(answer, "partial_success");
  const rejected = field(partial, "rejectedSpans") ?? field(partial, "rejected_spans");
  const message = field(partial, "errorMessage") ?? field(partial, "error_message");
  return {
    rejectedSpans: INT64.test(String(rejected)) ? BigInt(String(rejected)) : 0n,
    message: typeof message === "string" ? message : "",
  };
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
