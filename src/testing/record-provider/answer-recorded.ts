import type { IncomingMessage, ServerResponse } from "node:http";
import type { NotRecordedError } from "../../errors/not-recorded-error.ts";
import { redactMessage } from "../../internal/redact.ts";
import type { Exchange } from "../scripted-provider/exchange.ts";
import { bodyOf, readBytes } from "../scripted-provider/read-body.ts";
import { requestFacts } from "../scripted-provider/request-facts.ts";
import type { RequestLog } from "../scripted-provider/request-log.ts";
import { vendorOf } from "../scripted-provider/route.ts";
import type { ScriptedFailure } from "../scripted-provider/scripted-answer.ts";
import { type Recipient, sendFailure } from "../scripted-provider/send.ts";
import { ConnectionGone, Wire } from "../scripted-provider/wire.ts";
import type { AnswerBook } from "./answer-book.ts";
import type { CleanText } from "./clean-json.ts";
import { notRecorded } from "./not-recorded.ts";
import { playAnswer } from "./play-answer.ts";
import type { RecordMode } from "./record-mode.ts";
import { recordedRequest } from "./recorded-request.ts";
import type { Recorder } from "./recorder.ts";
import type { Upstream } from "./upstream.ts";

export interface AnswerOptions {
  readonly file: string;
  readonly mode: RecordMode;
  readonly book: AnswerBook;
  readonly recorder: Recorder;
  readonly upstream: Upstream;
  readonly clean: CleanText;
  readonly log: RequestLog;
  readonly misses: NotRecordedError[];
  readonly maxBodyBytes: number;
}

/** Takes one request from its first byte to its last, from the file or from the provider. Never rejects. */
export async function answerRecorded(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: AnswerOptions,
): Promise<void> {
  let bytes: Buffer | undefined;
  try {
    bytes = await readBytes(incoming, options.maxBodyBytes);
  } catch {
    // A client that leaves before it has finished asking was never a request.
    return;
  }
  const exchange = options.log.add(requestFacts(incoming, bodyOf(bytes)), response);
  const wire = new Wire(exchange, true);
  try {
    const refused = await answer(exchange, wire, incoming.url ?? "/", bytes, options);
    if (refused !== undefined) refuse(exchange, wire, refused);
  } catch (error) {
    if (!(error instanceof ConnectionGone)) giveUp(exchange, wire, error, options);
  }
}

/** @returns Why it was refused. */
async function answer(
  { request }: Exchange,
  wire: Wire,
  target: string,
  bytes: Buffer | undefined,
  { file, mode, book, recorder, upstream, clean, misses, maxBodyBytes }: AnswerOptions,
): Promise<ScriptedFailure | undefined> {
  if (bytes === undefined) return { status: 413, message: `the body has more than ${maxBodyBytes} bytes` };
  if (typeof request.body === "string") return { status: 415, message: "only JSON bodies are recorded" };
  const asked = recordedRequest(request, target, clean);
  const known = mode === "record" ? undefined : book.next(asked);
  if (known !== undefined) return void (await playAnswer(wire, known));
  if (mode === "replay") {
    const error = notRecorded(file, asked, book.requests);
    misses.push(error);
    return { status: 400, type: error.code, message: error.message };
  }
  const url = upstream.urlOf(target);
  if (url === undefined) return { status: 400, message: "only paths below the upstream are asked for" };
  await recorder.ask(url, { method: request.method, headers: request.headers, bytes }, asked, wire);
  return undefined;
}

/** Clients that know the header do not try again: nothing would be different. */
function refuse(exchange: Exchange, wire: Wire, failure: ScriptedFailure): void {
  const message = failure.message?.startsWith("recordProvider:")
    ? failure.message
    : `recordProvider: ${failure.message}`;
  sendFailure(wire, recipient(exchange), { ...failure, message }, { "x-should-retry": "false" });
}

/** The provider could not be reached, or broke off. */
function giveUp(exchange: Exchange, wire: Wire, error: unknown, { upstream }: AnswerOptions): void {
  const { response } = exchange;
  if (response.headersSent || response.destroyed) {
    exchange.markBroken();
    response.destroy();
    return;
  }
  const message = `recordProvider: ${upstream.host}: ${redactMessage(reasonOf(error))}`;
  sendFailure(wire, recipient(exchange), { status: 502, type: "upstream_error", message });
}

function recipient(exchange: Exchange): Recipient {
  const { path, headers } = exchange.request;
  return { exchange, vendor: vendorOf(path, headers) };
}

/** `fetch` says "fetch failed", and why in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
