import type { Message, TextBlock, ThinkingBlock, ToolUseBlock } from "@anthropic-ai/sdk/resources/messages";
import type { Reply, ReplyToolCall } from "../reply.ts";
import { messageUsage } from "./usage.ts";

const STOP_REASONS: Readonly<Record<string, string>> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
};

/** The message once nothing more will come. */
export function finalMessage(reply: Reply): object {
  const usage = messageUsage(reply);
  return {
    ...openMessage(reply),
    content: [
      ...(reply.thinking ? [thinkingBlock(reply.thinking.whole, signature(reply))] : []),
      ...(reply.text?.whole ? [textBlock(reply.text.whole)] : []),
      ...reply.toolCalls.map((call) => toolUseBlock(call, parsed(call.arguments.whole))),
    ],
    stop_reason: stopReason(reply),
    ...(usage ? { usage } : {}),
  };
}

/** The message as a stream announces it: no content, no reason to stop, no usage yet. */
export function openMessage(reply: Reply): object {
  return {
    id: reply.id,
    type: "message",
    role: "assistant",
    model: reply.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
  } satisfies Omit<Message, "usage">;
}

/** Words of no provider become Anthropic's; others are sent as they are. */
export function stopReason(reply: Reply): string {
  return STOP_REASONS[reply.finish] ?? reply.finish;
}

export function signature(reply: Reply): string {
  return Buffer.from(`scripted signature ${reply.request.sequence}`).toString("base64");
}

export function thinkingBlock(thinking: string, signed: string): ThinkingBlock {
  return { type: "thinking", thinking, signature: signed };
}

export function textBlock(text: string): TextBlock {
  return { type: "text", text, citations: null };
}

export function toolUseBlock(call: ReplyToolCall, input: unknown): ToolUseBlock {
  return { type: "tool_use", id: call.id, name: call.name, input, caller: { type: "direct" } };
}

/** Broken arguments exist only in streams; a plain message shows them as a string. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}
