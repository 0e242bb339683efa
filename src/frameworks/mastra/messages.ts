import type { ContentPart } from "../../agent/content/message.ts";
import type { RecordedMessages } from "../../agent/content/recorded-messages.ts";
import { otherPart, textParts } from "../../instrumentation/content-parts.ts";
import { field, list, text } from "../../instrumentation/fields.ts";

/** What a model is asked, as Mastra tells of it: a list of messages, or an object that has one. */
export function inputMessages(input: unknown): RecordedMessages {
  if (typeof input === "string") return input;
  const messages = Array.isArray(input) ? input : list(input, "messages");
  return messages.map((message: unknown) => ({
    role: text(message, "role") ?? "user",
    parts: partsOf(field(message, "content")),
  }));
}

/** What it answered: `text` and `toolCalls`. */
export function outputMessages(output: unknown): RecordedMessages {
  const said = text(output, "text");
  const calls = list(output, "toolCalls").map(toolCall);
  const spoken = said === undefined ? [] : [{ type: "text" as const, content: said }];
  return [{ role: "assistant", parts: [...spoken, ...calls] }];
}

function partsOf(content: unknown): readonly ContentPart[] {
  if (!Array.isArray(content)) return textParts(content);
  return content.flatMap((part: unknown) => {
    if (text(part, "type") === "tool-call") return [toolCall(part)];
    const said = text(part, "text");
    return said === undefined ? [otherPart(part)] : [{ type: "text" as const, content: said }];
  });
}

function toolCall(call: unknown): ContentPart {
  const told = field(call, "payload") ?? call;
  return {
    type: "tool_call",
    id: text(told, "toolCallId"),
    name: text(told, "toolName") ?? "",
    arguments: field(told, "args") ?? field(told, "input"),
  };
}
