import type { ChatCompletionChunk } from "openai/resources/chat/completions";
import { choiceCount, type Reply, type ReplyToolCall } from "../reply.ts";
import { chunkFrame, frame, type SseFrame } from "../sse-frame.ts";
import { chatUsage } from "./chat-usage.ts";

type Delta = ChatCompletionChunk.Choice["delta"];

/**
 * Usage comes only when `stream_options.include_usage` asks for it: then it is `null` on every chunk but one more at the
 * end, which has the usage and no choices. Not asked for, no chunk has the field.
 */
export function* chatStream(reply: Reply): Iterable<SseFrame> {
  const usage = asksForUsage(reply) ? chatUsage(reply) : undefined;
  const choices = Array.from({ length: choiceCount(reply.request) }, (_, index) => index);
  const inAllChoices = (delta: Delta, finish: string | null = null) =>
    choices.map((index) => chunk(reply, [choice(index, delta, finish)], usage && null));

  yield* inAllChoices({ role: "assistant", content: reply.text ? "" : null, refusal: null }).map((data) =>
    frame(data),
  );
  for (const content of reply.text?.chunks ?? []) {
    yield* inAllChoices({ content }).map((data) => chunkFrame(data));
  }
  for (const [index, call] of reply.toolCalls.entries()) {
    yield* inAllChoices(callStart(index, call)).map((data) => frame(data));
    for (const piece of call.arguments.chunks) {
      yield* inAllChoices({ tool_calls: [{ index, function: { arguments: piece } }] }).map((data) =>
        chunkFrame(data),
      );
    }
  }
  yield* inAllChoices({}, reply.finish).map((data) => frame(data));
  if (usage) yield frame(chunk(reply, [], usage));
  yield frame("[DONE]");
}

function asksForUsage(reply: Reply): boolean {
  const options = reply.request.body["stream_options"];
  return (
    typeof options === "object" &&
    options !== null &&
    "include_usage" in options &&
    options.include_usage === true
  );
}

function callStart(index: number, call: ReplyToolCall): Delta {
  return {
    tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }],
  };
}

function choice(index: number, delta: Delta, finish: string | null): ChatCompletionChunk.Choice {
  // The script may send words that this client does not know yet.
  const finishReason = finish as ChatCompletionChunk.Choice["finish_reason"];
  return { index, delta, logprobs: null, finish_reason: finishReason };
}

function chunk(
  reply: Reply,
  choices: ChatCompletionChunk.Choice[],
  usage: ChatCompletionChunk["usage"] | undefined,
): object {
  return {
    id: reply.id,
    object: "chat.completion.chunk",
    created: Math.floor(reply.createdMs / 1000),
    model: reply.model,
    service_tier: "default",
    system_fingerprint: "fp_scripted",
    choices,
    ...(usage === undefined ? {} : { usage }),
  } satisfies ChatCompletionChunk;
}
