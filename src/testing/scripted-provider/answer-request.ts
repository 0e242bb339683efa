import { checkNotOffered } from "./check-not-offered.ts";
import type { Exchange } from "./exchange.ts";
import { firstHalf, playStream, type StreamEnding } from "./play-stream.ts";
import { type Reply, reply } from "./reply.ts";
import type { ScriptedAnswer, ScriptedFailure } from "./scripted-answer.ts";
import type { ScriptedRequest } from "./scripted-request.ts";
import { jsonHeaders, requestIdOf, sendFailure, sendJson, sendText } from "./send.ts";
import type { Wire } from "./wire.ts";
import type { WireFormat } from "./wire-format.ts";

export interface AnswerContext {
  readonly wire: Wire;
  readonly exchange: Exchange;
  readonly format: WireFormat;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Plays one scripted answer, faults and all. @throws ConnectionGone when the client leaves first. */
export async function answerRequest(
  request: ScriptedRequest,
  answer: ScriptedAnswer,
  context: AnswerContext,
): Promise<void> {
  const { wire, exchange, format, nowMs } = context;
  checkNotOffered(request, answer);
  const whole = reply(request, answer, {
    id: `${format.idPrefix}${request.sequence}`,
    toolCallPrefix: format.vendor.toolCallPrefix,
    createdMs: nowMs,
  });
  const headers = {
    ...(answer.rateLimit ? format.vendor.rateLimitHeaders(answer.rateLimit, nowMs) : {}),
    ...answer.headers,
  };
  if (answer.stall) return wire.stall();
  await wire.wait(answer.delayMs ?? 0);
  if (request.stream && format.stream && !failsAtOnce(answer.fail)) {
    return startStream(whole, answer, headers, context);
  }
  if (answer.fail) return sendFailure(wire, { exchange, vendor: format.vendor }, answer.fail, headers);
  return sendPlain(whole, answer, headers, context);
}

function failsAtOnce(fail: ScriptedFailure | undefined): boolean {
  return fail !== undefined && fail.afterChunks === undefined;
}

async function startStream(
  whole: Reply,
  answer: ScriptedAnswer,
  headers: Readonly<Record<string, string>>,
  { wire, format, exchange }: AnswerContext,
): Promise<void> {
  const requestId = requestIdOf(exchange);
  wire.head(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    [format.vendor.requestIdHeader]: requestId,
    ...headers,
  });
  const frames = [...(format.stream?.(whole) ?? [])];
  await playStream(wire, frames, endingOf(answer, format, requestId), answer.chunkDelayMs ?? 0);
}

function endingOf(answer: ScriptedAnswer, format: WireFormat, requestId: string): StreamEnding {
  const { fail, stallAfterChunks, breakAfterChunks } = answer;
  const frame = fail && format.errorFrame?.(fail, requestId);
  if (frame) return { kind: "error", afterChunks: fail.afterChunks ?? 0, frame };
  if (stallAfterChunks !== undefined) return { kind: "stall", afterChunks: stallAfterChunks };
  if (answer.malformed) return { kind: "malformed", afterChunks: 0 };
  if (breakAfterChunks !== undefined) return { kind: "break", afterChunks: breakAfterChunks };
  return { kind: "complete" };
}

async function sendPlain(
  whole: Reply,
  answer: ScriptedAnswer,
  headers: Readonly<Record<string, string>>,
  { wire, format, exchange }: AnswerContext,
): Promise<void> {
  const body = format.plain(whole);
  const to = { exchange, vendor: format.vendor };
  if (answer.malformed) return sendText(wire, 200, firstHalf(JSON.stringify(body)), jsonHeaders(to, headers));
  if (answer.stallAfterChunks === undefined && answer.breakAfterChunks === undefined) {
    return sendJson(wire, to, 200, body, headers);
  }
  const half = firstHalf(JSON.stringify(body));
  wire.head(200, { "content-type": "application/json", ...headers });
  if (answer.breakAfterChunks !== undefined) return wire.cut(half);
  await wire.write(half);
  return wire.stall();
}
