import type { Reply, ReplyToolCall } from "../reply.ts";
import type { ScriptedFailure } from "../scripted-answer.ts";
import { chunkFrame, frame, type SseFrame } from "../sse-frame.ts";
import {
  finalResponse,
  functionCallItem,
  incompleteReason,
  messageItem,
  openResponse,
  reasoningItem,
  textPart,
} from "./response-object.ts";
import { openaiError } from "./vendor.ts";

type ResponseEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Every event carries its own name as `type` and a running number. */
export function* responsesStream(reply: Reply): Iterable<SseFrame> {
  let sequence = 0;
  for (const event of events(reply)) {
    const data = { ...event, sequence_number: sequence++ };
    yield "delta" in event ? chunkFrame(data, event.type) : frame(data, event.type);
  }
}

/** The running number is not known here and the client does not read it. */
export function responseErrorFrame(failure: ScriptedFailure): SseFrame {
  return frame({ type: "error", error: openaiError(failure), sequence_number: 0 }, "error");
}

function* events(reply: Reply): Iterable<ResponseEvent> {
  yield { type: "response.created", response: openResponse(reply) };
  yield { type: "response.in_progress", response: openResponse(reply) };
  let index = 0;
  if (reply.thinking) yield* reasoningEvents(reply, reply.thinking, index++);
  if (reply.text) yield* messageEvents(reply, reply.text, index++);
  for (const call of reply.toolCalls) yield* functionCallEvents(call, index++);
  const end = incompleteReason(reply) ? "response.incomplete" : "response.completed";
  yield { type: end, response: finalResponse(reply) };
}

function* reasoningEvents(
  reply: Reply,
  thinking: NonNullable<Reply["thinking"]>,
  outputIndex: number,
): Iterable<ResponseEvent> {
  const item = reasoningItem(reply, undefined);
  const at = { item_id: item.id, output_index: outputIndex, summary_index: 0 };
  const part = (text: string) => ({ type: "summary_text", text });
  yield { type: "response.output_item.added", output_index: outputIndex, item };
  yield { type: "response.reasoning_summary_part.added", ...at, part: part("") };
  for (const delta of thinking.chunks) {
    yield { type: "response.reasoning_summary_text.delta", ...at, delta };
  }
  yield { type: "response.reasoning_summary_text.done", ...at, text: thinking.whole };
  yield { type: "response.reasoning_summary_part.done", ...at, part: part(thinking.whole) };
  yield {
    type: "response.output_item.done",
    output_index: outputIndex,
    item: reasoningItem(reply, thinking.whole),
  };
}

function* messageEvents(
  reply: Reply,
  text: NonNullable<Reply["text"]>,
  outputIndex: number,
): Iterable<ResponseEvent> {
  const item = messageItem(reply, undefined);
  const at = { item_id: item.id, output_index: outputIndex, content_index: 0 };
  yield { type: "response.output_item.added", output_index: outputIndex, item };
  yield { type: "response.content_part.added", ...at, part: textPart("") };
  for (const delta of text.chunks) {
    yield { type: "response.output_text.delta", ...at, delta, logprobs: [] };
  }
  yield { type: "response.output_text.done", ...at, text: text.whole, logprobs: [] };
  yield { type: "response.content_part.done", ...at, part: textPart(text.whole) };
  yield {
    type: "response.output_item.done",
    output_index: outputIndex,
    item: messageItem(reply, text.whole),
  };
}

function* functionCallEvents(call: ReplyToolCall, outputIndex: number): Iterable<ResponseEvent> {
  const item = functionCallItem(call, undefined);
  const at = { item_id: item.id, output_index: outputIndex };
  yield { type: "response.output_item.added", output_index: outputIndex, item };
  for (const delta of call.arguments.chunks) {
    yield { type: "response.function_call_arguments.delta", ...at, delta };
  }
  yield {
    type: "response.function_call_arguments.done",
    ...at,
    name: call.name,
    arguments: call.arguments.whole,
  };
  const done = functionCallItem(call, call.arguments.whole);
  yield { type: "response.output_item.done", output_index: outputIndex, item: done };
}
