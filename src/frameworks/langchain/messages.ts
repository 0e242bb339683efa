import type { ContentPart } from "../../agent/content/message.ts";
import type { RecordedMessage } from "../../agent/content/recorded-messages.ts";
import { property } from "../../cost/readers/raw-usage.ts";

const ROLES: Readonly<Record<string, string>> = { human: "user", ai: "assistant" };

/** Messages of LangChain in the shape of the GenAI conventions, without the bytes of images and files. */
export function recorded(messages: unknown): readonly RecordedMessage[] {
  return Array.isArray(messages) ? messages.map(recordedOne) : [];
}

function recordedOne(message: unknown): RecordedMessage {
  const type = String(typeOf(message));
  const content = property(message, "content");
  if (type === "tool") {
    const id = property(message, "tool_call_id");
    return {
      role: "tool",
      parts: [{ type: "tool_call_response", id: typeof id === "string" ? id : undefined, response: content }],
    };
  }
  const calls = property(message, "tool_calls");
  return {
    role: ROLES[type] ?? type,
    parts: [...partsOf(content), ...(Array.isArray(calls) ? calls.map(toolCall) : [])],
  };
}

function typeOf(message: unknown): unknown {
  const own = property(message, "type");
  if (typeof own === "string") return own;
  const getType = property(message, "getType") ?? property(message, "_getType");
  return typeof getType === "function" ? Reflect.apply(getType, message, []) : "unknown";
}

function partsOf(content: unknown): readonly ContentPart[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", content }];
  return Array.isArray(content) ? content.flatMap(partOf) : [];
}

function partOf(block: unknown): readonly ContentPart[] {
  if (typeof block === "string") return [{ type: "text", content: block }];
  const type = String(property(block, "type"));
  // The message has its tool calls apart as well.
  if (type === "tool_use" || type === "tool_call" || type === "function_call") return [];
  const reasoning = property(block, "thinking") ?? property(block, "reasoning");
  if (typeof reasoning === "string") return [{ type: "reasoning", content: reasoning }];
  const said = property(block, "text");
  if (typeof said === "string") return [{ type: "text", content: said }];
  return type.startsWith("image") ? [{ type: "blob", modality: "image" }] : [{ type }];
}

function toolCall(call: unknown): ContentPart {
  const id = property(call, "id");
  return {
    type: "tool_call",
    id: typeof id === "string" ? id : undefined,
    name: String(property(call, "name")),
    arguments: property(call, "args"),
  };
}
