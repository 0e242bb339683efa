import type { ContentMessage, ContentPart, ToolDefinition } from "../../agent/content/message.ts";
import {
  appendArguments,
  appendText,
  mediaPart,
  otherPart,
  parsedArguments,
  textParts,
} from "../content-parts.ts";
import type { ContentReader, ContentStream } from "../content-reader.ts";
import { field, list, text } from "../fields.ts";

/** A provider that counts its choices or tool calls higher than this is not believed. */
const MAX_INDEX = 128;

/** The text of chat completions, those of compatible servers included. */
export const openAiChatContent: ContentReader = {
  request: (body) => ({
    input: [...list(body, "messages").map(messageOf), ...promptsOf(field(body, "prompt"))],
    tools: [...list(body, "tools"), ...list(body, "functions")].map(toolOf),
  }),
  answer: (answer) => list(answer, "choices").map((choice) => messageOf(messageIn(choice, "message"))),
  stream: chatStream,
};

/** What completions without a chat are asked. Prompts that are tokens have no text to show. */
function promptsOf(prompt: unknown): readonly ContentMessage[] {
  const texts = Array.isArray(prompt) ? prompt : [prompt];
  return texts.flatMap((each) => {
    const parts = textParts(each);
    return parts.length === 0 ? [] : [{ role: "user", parts }];
  });
}

/** @param name `message`, or `delta` in a stream; completions without a chat have bare text instead. */
function messageIn(choice: unknown, name: string): unknown {
  return field(choice, name) ?? { content: field(choice, "text") };
}

function messageOf(message: unknown): ContentMessage {
  const role = text(message, "role") ?? "assistant";
  if (role === "tool" || role === "function") return { role, parts: [toolResponse(message)] };
  const calls = [...list(message, "tool_calls"), field(message, "function_call")];
  const parts = [
    // Not of OpenAI's protocol; compatible servers give the thoughts of the model so.
    ...textParts(field(message, "reasoning_content") ?? field(message, "reasoning"), "reasoning"),
    ...contentParts(field(message, "content")),
    ...textParts(field(message, "refusal"), "refusal"),
    ...(field(message, "audio")
      ? [mediaPart("audio", { data: field(field(message, "audio"), "data") })]
      : []),
    ...calls.filter((call) => typeof call === "object" && call !== null).map(toolCall),
  ];
  const name = text(message, "name");
  return name === undefined ? { role, parts } : { role, name, parts };
}

function contentParts(content: unknown): readonly ContentPart[] {
  return Array.isArray(content) ? content.flatMap(contentPart) : textParts(content);
}

function contentPart(part: unknown): readonly ContentPart[] {
  switch (field(part, "type")) {
    case "text":
      return textParts(field(part, "text"));
    case "refusal":
      return textParts(field(part, "refusal"), "refusal");
    case "image_url":
      return [mediaPart("image", { data: field(field(part, "image_url"), "url") })];
    case "input_audio": {
      const audio = field(part, "input_audio");
      return [mediaPart("audio", { data: field(audio, "data"), mime: mimeOf("audio", audio) })];
    }
    case "file": {
      const file = field(part, "file");
      return [mediaPart("file", { data: field(file, "file_data"), file: field(file, "file_id") })];
    }
    default:
      return [otherPart(part)];
  }
}

function mimeOf(kind: string, source: unknown): string | undefined {
  const format = text(source, "format");
  return format === undefined ? undefined : `${kind}/${format}`;
}

function toolResponse(message: unknown): ContentPart {
  const content = field(message, "content");
  return {
    type: "tool_call_response",
    id: text(message, "tool_call_id"),
    response: Array.isArray(content) ? contentParts(content) : content,
  };
}

function toolCall(call: unknown): ContentPart {
  const custom = field(call, "custom");
  const called = custom ?? field(call, "function") ?? call;
  return {
    type: "tool_call",
    id: text(call, "id"),
    name: text(called, "name") ?? "",
    arguments: custom === undefined ? parsedArguments(field(called, "arguments")) : field(custom, "input"),
  };
}

function toolOf(tool: unknown): ToolDefinition {
  const type = text(tool, "type") ?? "function";
  return { type, name: text(field(tool, type), "name") ?? text(tool, "name") ?? type };
}

/** Puts the chunks together to the messages that a plain answer would have had. */
function chatStream(): ContentStream {
  const messages: Record<string, unknown>[] = [];
  return {
    item(chunk) {
      for (const choice of list(chunk, "choices")) {
        const message = at(messages, field(choice, "index"));
        if (message !== undefined) addDelta(message, messageIn(choice, "delta"));
      }
    },
    messages: () => messages.filter((message) => message !== undefined).map(messageOf),
  };
}

function addDelta(message: Record<string, unknown>, delta: unknown): void {
  for (const name of ["content", "refusal", "reasoning_content", "reasoning"]) {
    appendText(message, name, field(delta, name));
  }
  message["role"] ??= field(delta, "role");
  const called = field(delta, "function_call");
  if (called) {
    message["function_call"] ??= {};
    addCalled(message["function_call"] as Record<string, unknown>, called);
  }
  for (const piece of list(delta, "tool_calls")) addToolCall(message, piece);
}

function addToolCall(message: Record<string, unknown>, piece: unknown): void {
  message["tool_calls"] ??= [];
  const call = at(message["tool_calls"] as Record<string, unknown>[], field(piece, "index"));
  if (call === undefined) return;
  call["id"] ??= field(piece, "id");
  for (const kind of ["function", "custom"]) {
    const called = field(piece, kind);
    if (!called) continue;
    call[kind] ??= {};
    addCalled(call[kind] as Record<string, unknown>, called);
  }
}

function addCalled(target: Record<string, unknown>, piece: unknown): void {
  target["name"] ??= field(piece, "name");
  appendArguments(target, "arguments", field(piece, "arguments"));
  appendText(target, "input", field(piece, "input"));
}

function at(items: Record<string, unknown>[], index: unknown): Record<string, unknown> | undefined {
  const place = index ?? 0;
  if (!Number.isInteger(place) || (place as number) < 0 || (place as number) >= MAX_INDEX) return undefined;
  items[place as number] ??= {};
  return items[place as number];
}
