import type {
  RawContentBlockDelta,
  RawContentBlockStartEvent,
  RawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/messages";
import type { Reply } from "../reply.ts";
import { chunkFrame, frame, type SseFrame } from "../sse-frame.ts";
import {
  openMessage,
  signature,
  stopReason,
  textBlock,
  thinkingBlock,
  toolUseBlock,
} from "./message-object.ts";
import { deltaUsage, startUsage } from "./usage.ts";

/** A content block in pieces. What is in `closing` follows the pieces and does not count as a chunk. */
interface StreamedBlock {
  readonly start: RawContentBlockStartEvent["content_block"];
  readonly deltas: readonly RawContentBlockDelta[];
  readonly closing: readonly RawContentBlockDelta[];
}

export function* messagesStream(reply: Reply): Iterable<SseFrame> {
  const started = startUsage(reply);
  yield frame(
    { type: "message_start", message: { ...openMessage(reply), ...(started ? { usage: started } : {}) } },
    "message_start",
  );
  for (const [index, block] of blocks(reply).entries()) {
    yield blockEvent({ type: "content_block_start", index, content_block: block.start });
    // Anthropic pings once the first block is open, and clients have to skip it.
    if (index === 0) yield frame({ type: "ping" }, "ping");
    for (const delta of block.deltas) {
      yield chunkFrame({ type: "content_block_delta", index, delta }, "content_block_delta");
    }
    for (const delta of block.closing) yield blockEvent({ type: "content_block_delta", index, delta });
    yield blockEvent({ type: "content_block_stop", index });
  }
  yield messageDelta(reply);
  yield frame({ type: "message_stop" }, "message_stop");
}

function blockEvent(event: RawMessageStreamEvent): SseFrame {
  return frame(event, event.type);
}

function messageDelta(reply: Reply): SseFrame {
  const usage = deltaUsage(reply);
  const delta = {
    stop_reason: stopReason(reply),
    stop_sequence: null,
    stop_details: null,
    container: null,
  };
  return frame({ type: "message_delta", delta, ...(usage ? { usage } : {}) }, "message_delta");
}

function blocks(reply: Reply): readonly StreamedBlock[] {
  return [
    ...(reply.thinking ? [thinking(reply, reply.thinking.chunks)] : []),
    ...(reply.text?.whole ? [text(reply.text.chunks)] : []),
    ...reply.toolCalls.map((call) => ({
      start: toolUseBlock(call, {}),
      deltas: call.arguments.chunks.map((piece) => ({
        type: "input_json_delta" as const,
        partial_json: piece,
      })),
      closing: [],
    })),
  ];
}

function thinking(reply: Reply, chunks: readonly string[]): StreamedBlock {
  return {
    start: thinkingBlock("", ""),
    deltas: chunks.map((piece) => ({ type: "thinking_delta", thinking: piece })),
    closing: [{ type: "signature_delta", signature: signature(reply) }],
  };
}

function text(chunks: readonly string[]): StreamedBlock {
  return {
    start: textBlock(""),
    deltas: chunks.map((piece) => ({ type: "text_delta", text: piece })),
    closing: [],
  };
}
