import type { ChatCompletion } from "openai/resources/chat/completions";
import { choiceCount, type Reply } from "../reply.ts";
import { frame } from "../sse-frame.ts";
import type { WireFormat } from "../wire-format.ts";
import { chatStream } from "./chat-stream.ts";
import { chatUsage } from "./chat-usage.ts";
import { openaiError, openaiVendor } from "./vendor.ts";

/** `POST /v1/chat/completions` */
export const openaiChat: WireFormat = {
  protocol: "openai.chat",
  path: "/v1/chat/completions",
  vendor: openaiVendor,
  idPrefix: "chatcmpl-",
  plain: chatCompletion,
  stream: chatStream,
  errorFrame: (failure) => frame({ error: openaiError(failure) }),
};

function chatCompletion(reply: Reply): object {
  const usage = chatUsage(reply);
  return {
    id: reply.id,
    object: "chat.completion",
    created: Math.floor(reply.createdMs / 1000),
    model: reply.model,
    choices: Array.from({ length: choiceCount(reply.request) }, (_, index) => choice(reply, index)),
    ...(usage === undefined ? {} : { usage }),
    service_tier: "default",
    system_fingerprint: "fp_scripted",
  } satisfies ChatCompletion;
}

function choice(reply: Reply, index: number): ChatCompletion.Choice {
  const calls = reply.toolCalls.map((call) => ({
    id: call.id,
    type: "function" as const,
    function: { name: call.name, arguments: call.arguments.whole },
  }));
  return {
    index,
    message: {
      role: "assistant",
      content: reply.text?.whole ?? null,
      refusal: null,
      annotations: [],
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
    logprobs: null,
    // The script may send words that this client does not know yet.
    finish_reason: reply.finish as ChatCompletion.Choice["finish_reason"],
  };
}
