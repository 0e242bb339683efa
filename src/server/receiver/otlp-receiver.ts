import { reportFailure } from "../../internal/warn-once.ts";
import type { TelemetrySink } from "../telemetry-store/telemetry-batch.ts";
import { Admission } from "./admission.ts";
import { Refusal, refused, success } from "./answers.ts";
import type { Decoded } from "./decode/decoded.ts";
import { SIGNALS, type Signal } from "./decode/signals.ts";
import { compressionOf, type Encoding, encodingOf } from "./media.ts";
import { readBody } from "./read-body.ts";
import { type ReceiverOptions, type ReceiverSettings, receiverSettings } from "./receiver-options.ts";

/**
 * Receives OTLP/HTTP: a fetch handler for POST of `/v1/traces`, `/v1/metrics` and `/v1/logs`, as protobuf or JSON, plain or gzip.
 *
 * An answer of 200 is given when all of it is committed; what was not readable in it is counted in `partial_success`. 400, 413 and
 * 415 say that the same request will never do; 503 with Retry-After that it may later. Who may send is for the server to say.
 *
 * Of each span, point and record at most 128 attributes, 128 events, 4 KiB a value and 8 levels are kept; a text that was cut ends
 * with "…", and `agents.receiver.dropped` counts what was left out. One request has at most 20,000 of them.
 *
 * @throws RangeError on bad options. The handler never rejects.
 */
export function otlpReceiver(
  store: TelemetrySink,
  options: ReceiverOptions = {},
): (request: Request) => Promise<Response> {
  const settings = receiverSettings(options);
  const admission = new Admission(settings);
  return async (request) => {
    const encoding = encodingOf(request.headers.get("content-type"));
    try {
      return await receive(request, encoding, { store, settings, admission });
    } catch (error) {
      // What nobody reads any more must not wait in the connection.
      request.body?.cancel().catch(() => {});
      return refused(encoding ?? "json", error instanceof Refusal ? error : unexpected(error, admission));
    }
  };
}

interface Receiver {
  readonly store: TelemetrySink;
  readonly settings: ReceiverSettings;
  readonly admission: Admission;
}

async function receive(
  request: Request,
  encoding: Encoding | undefined,
  receiver: Receiver,
): Promise<Response> {
  const path = new URL(request.url).pathname;
  const signal = SIGNALS.find((each) => each.path === path);
  if (signal === undefined)
    throw new Refusal(
      404,
      `nothing is received there; send to ${SIGNALS.map((each) => each.path).join(", ")}`,
    );
  if (request.method !== "POST") throw new Refusal(405, "telemetry is sent with POST", { allow: "POST" });
  if (encoding === undefined)
    throw new Refusal(415, "content-type must be application/x-protobuf or application/json");
  const compression = compressionOf(request.headers.get("content-encoding"));
  if (compression === undefined) throw new Refusal(415, "content-encoding must be identity or gzip, once");
  const ticket = receiver.admission.enter();
  try {
    const { maxBodyBytes } = receiver.settings;
    const body = await readBody(request, compression, maxBodyBytes, ticket);
    ticket.read();
    return await keep(receiver, signal, encoding, body);
  } finally {
    ticket.leave();
  }
}

async function keep(
  { store, admission }: Receiver,
  signal: Signal,
  encoding: Encoding,
  body: Uint8Array,
): Promise<Response> {
  const decoded = decode(signal, encoding, body);
  await store.add(decoded.batch, !admission.isReading);
  return success(encoding, signal, decoded);
}

function decode(signal: Signal, encoding: Encoding, body: Uint8Array): Decoded {
  try {
    return signal[encoding](body);
  } catch {
    // The error of a parser quotes what was sent, and that may be anything.
    throw new Refusal(
      400,
      `the body is no ${encoding === "json" ? "OTLP/JSON" : "OTLP"} request for ${signal.path}`,
    );
  }
}

/** The store could not keep it: a full disk, another process's lock. The sender still has it. */
function unexpected(error: unknown, admission: Admission): Refusal {
  reportFailure("keeping what was received", error);
  // What cannot be put into the database as it is never will be.
  if (error instanceof RangeError || error instanceof TypeError)
    return new Refusal(400, "it holds a value that cannot be kept");
  return admission.busy("it cannot be kept now");
}
