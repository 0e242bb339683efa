import type { IncomingMessage, ServerResponse } from "node:http";
import { answerRequest } from "./answer-request.ts";
import type { Exchange } from "./exchange.ts";
import { type RequestBody, readBody } from "./read-body.ts";
import { rejection } from "./rejection.ts";
import { isRecord, requestFacts } from "./request-facts.ts";
import type { RequestLog } from "./request-log.ts";
import { formatFor, vendorOf } from "./route.ts";
import type { Script } from "./script.ts";
import type { ScriptedFailure } from "./scripted-answer.ts";
import type { ReceivedRequest, ScriptedRequest } from "./scripted-request.ts";
import { sendFailure, sendJson } from "./send.ts";
import { ConnectionGone, Wire } from "./wire.ts";
import type { WireFormat } from "./wire-format.ts";

export interface HandlerOptions {
  readonly script: Script;
  readonly log: RequestLog;
  readonly models: readonly string[];
  readonly now: () => number;
  readonly maxBodyBytes: number;
  /** Whether waiting keeps the process alive. */
  readonly ref: boolean;
}

/** Takes one request from its first byte to its last. Never rejects. */
export async function handleRequest(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: HandlerOptions,
): Promise<void> {
  const body = await readBody(incoming, options.maxBodyBytes).catch(() => undefined);
  // A client that leaves before it has finished asking was never a request.
  if (body === undefined) return;
  const exchange = options.log.add(requestFacts(incoming, body), response);
  try {
    await answer(exchange, body, options);
  } catch (error) {
    if (!(error instanceof ConnectionGone)) reportMistake(exchange, error, options);
  }
}

async function answer(exchange: Exchange, body: RequestBody, options: HandlerOptions): Promise<void> {
  const { request } = exchange;
  const wire = new Wire(exchange, options.ref);
  const to = { exchange, vendor: vendorOf(request.path, request.headers) };
  const refused = rejection(request, body);
  if (refused) return sendFailure(wire, to, refused);
  const format = formatFor(request.path);
  if (!isScripted(request) || !format) {
    return sendJson(wire, to, 200, to.vendor.models(options.models, options.now()));
  }
  await playScript(request, wire, exchange, format, options);
}

async function playScript(
  request: ScriptedRequest,
  wire: Wire,
  exchange: Exchange,
  format: WireFormat,
  { script, now }: HandlerOptions,
): Promise<void> {
  const scripted = await script.next(request);
  await answerRequest(request, scripted, { wire, exchange, format, nowMs: now() });
}

function isScripted(request: ReceivedRequest): request is ScriptedRequest {
  return request.protocol !== undefined && request.model !== undefined && isRecord(request.body);
}

/** A mistake in the script is said at once and not retried; otherwise the test would wait for the client's patience. */
function reportMistake(exchange: Exchange, error: unknown, { ref }: HandlerOptions): void {
  const { request, response } = exchange;
  if (response.headersSent || response.destroyed) {
    exchange.markBroken();
    response.destroy();
    return;
  }
  const message = `scriptedProvider: ${error instanceof Error ? error.message : String(error)}`;
  const failure: ScriptedFailure = { status: 500, type: "script_error", message };
  const to = { exchange, vendor: vendorOf(request.path, request.headers) };
  sendFailure(new Wire(exchange, ref), to, failure, { "x-should-retry": "false" });
}
