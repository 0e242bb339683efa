import type { ContentPart } from "../../agent/content/message.ts";
import type { RecordedMessage, RecordedMessages } from "../../agent/content/recorded-messages.ts";
import { field, list, text } from "../../instrumentation/fields.ts";

/** What a model was asked, in the SDK's items. */
export function inputMessages(instructions: unknown, input: unknown): RecordedMessages {
  const system = typeof instructions === "string" ? [{ role: "system", content: instructions }] : [];
  const asked = typeof input === "string" ? [{ role: "user", content: input }] : messages(input, "user");
  return [...system, ...asked];
}

/** What it answered: items of the SDK or of the Responses protocol, or messages of chat completions. */
export function outputMessages(output: unknown): RecordedMessages {
  return messages(output, "assistant");
}

function messages(items: unknown, role: string): readonly RecordedMessage[] {
  if (!Array.isArray(items)) return [];
  return items.flatMap((item) => {
    const parts = partsOf(item);
    const isResult = parts[0]?.type === "tool_call_response";
    const by =
      text(item, "role") ?? (isResult ? "tool" : parts[0]?.type === "tool_call" ? "assistant" : role);
    return parts.length === 0 ? [] : [{ role: by, parts }];
  });
}

function partsOf(item: unknown): readonly ContentPart[] {
  const id = text(item, "callId") ?? text(item, "call_id");
  switch (text(item, "type")) {
    case "function_call":
      return [{ type: "tool_call", id, name: text(item, "name") ?? "", arguments: field(item, "arguments") }];
    case "function_call_result":
    case "function_call_output":
      return [{ type: "tool_call_response", id, response: field(item, "output") }];
    default:
      return [...textParts(field(item, "content")), ...chatToolCalls(item)];
  }
}

function textParts(content: unknown): readonly ContentPart[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", content }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown) => {
    const said = text(part, "text") ?? text(part, "refusal");
    return said === undefined ? [] : [{ type: "text" as const, content: said }];
  });
}

function chatToolCalls(message: unknown): readonly ContentPart[] {
  return list(message, "tool_calls").map((call) => {
    const called = field(call, "function");
    return {
      type: "tool_call",
      id: text(call, "id"),
      name: text(called, "name") ?? "",
      arguments: field(called, "arguments"),
    };
  });
}
