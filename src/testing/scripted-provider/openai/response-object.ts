import type {
  Response,
  ResponseFunctionToolCall,
  ResponseOutputMessage,
  ResponseReasoningItem,
  ResponseUsage,
} from "openai/resources/responses/responses";
import type { Reply, ReplyToolCall } from "../reply.ts";

/** The response once nothing more will come: completed, or cut short by its finish. */
export function finalResponse(reply: Reply): object {
  const output = [
    ...(reply.thinking ? [reasoningItem(reply, reply.thinking.whole)] : []),
    ...(reply.text ? [messageItem(reply, reply.text.whole)] : []),
    ...reply.toolCalls.map((call) => functionCallItem(call, call.arguments.whole)),
  ];
  const usage = reply.usage && { ...responseUsage(reply), ...reply.wireUsage };
  const reason = incompleteReason(reply);
  return {
    ...openResponse(reply),
    status: reason ? "incomplete" : "completed",
    incomplete_details: reason ? { reason } : null,
    output,
    ...(usage === undefined ? {} : { usage }),
  };
}

/** The response as a stream announces it, before there is any output. `output_text` is the client's own addition. */
export function openResponse(reply: Reply): object {
  return {
    id: reply.id,
    object: "response",
    created_at: Math.floor(reply.createdMs / 1000),
    status: "in_progress",
    model: reply.model,
    access_programs: null,
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    output: [],
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: "auto",
    tools: [],
    top_p: 1,
  } satisfies Omit<Response, "output_text">;
}

/** Why the response is not whole, or `undefined` when it is. */
export function incompleteReason(reply: Reply): "max_output_tokens" | "content_filter" | undefined {
  if (reply.finish === "length") return "max_output_tokens";
  return reply.finish === "content_filter" ? "content_filter" : undefined;
}

export function reasoningItem(reply: Reply, text: string | undefined): ResponseReasoningItem {
  const summary = text === undefined ? [] : [{ type: "summary_text" as const, text }];
  return { id: `rs_${reply.request.sequence}`, type: "reasoning", summary };
}

/** @param text `undefined` while the item is still being written. */
export function messageItem(reply: Reply, text: string | undefined): ResponseOutputMessage {
  const done = incompleteReason(reply) ? "incomplete" : "completed";
  return {
    id: `msg_${reply.request.sequence}`,
    type: "message",
    role: "assistant",
    status: text === undefined ? "in_progress" : done,
    content: text === undefined ? [] : [textPart(text)],
  };
}

export function textPart(text: string) {
  return { type: "output_text" as const, text, annotations: [], logprobs: [] };
}

/** @param args `undefined` while the item is still being written. */
export function functionCallItem(
  call: ReplyToolCall,
  args: string | undefined,
): ResponseFunctionToolCall & { id: string } {
  return {
    id: `fc_${call.id}`,
    type: "function_call",
    status: args === undefined ? "in_progress" : "completed",
    call_id: call.id,
    name: call.name,
    arguments: args ?? "",
  };
}

function responseUsage(reply: Reply): ResponseUsage | undefined {
  const usage = reply.usage;
  return (
    usage && {
      input_tokens: usage.input,
      input_tokens_details: {
        cached_tokens: usage.cacheRead ?? 0,
        cache_write_tokens: (usage.cacheWrite5m ?? 0) + (usage.cacheWrite1h ?? 0),
      },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
      total_tokens: usage.input + usage.output,
    }
  );
}
