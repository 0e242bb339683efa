import type { ContentMessage, ContentPart } from "../../agent/content/message.ts";
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

/** A provider that counts its blocks higher than this is not believed. */
const MAX_INDEX = 1_024;

/** The text of Anthropic's messages. */
export const anthropicMessagesContent: ContentReader = {
  request: (body) => ({
    system: blockParts(field(body, "system")),
    input: list(body, "messages").map((message) => messageOf(message, "user")),
    tools: list(body, "tools").map((tool) => ({
      // Only the provider's own tools say a type.
      type: text(tool, "type") ?? "function",
      name: text(tool, "name") ?? "",
    })),
  }),
  answer: (message) => (list(message, "content").length === 0 ? [] : [messageOf(message, "assistant")]),
  stream: messageStream,
};

function messageOf(message: unknown, role: string): ContentMessage {
  return { role: text(message, "role") ?? role, parts: blockParts(field(message, "content")) };
}

function blockParts(content: unknown): readonly ContentPart[] {
  return Array.isArray(content) ? content.flatMap(blockPart) : textParts(content);
}

function blockPart(block: unknown): readonly ContentPart[] {
  const type = text(block, "type") ?? "";
  switch (type) {
    case "text":
      return textParts(field(block, "text"));
    case "thinking":
      return textParts(field(block, "thinking"), "reasoning");
    case "image":
    case "document":
      return sourceParts(type, field(block, "source"));
    case "tool_use":
    case "server_tool_use":
    case "mcp_tool_use":
      return [toolCall(block)];
    default:
      // tool_result, and those of the tools that run on the provider's side.
      return [type.endsWith("tool_result") ? toolResponse(block) : otherPart(block)];
  }
}

function toolCall(block: unknown): ContentPart {
  return {
    type: "tool_call",
    id: text(block, "id"),
    name: text(block, "name") ?? "",
    arguments: field(block, "input"),
  };
}

function toolResponse(block: unknown): ContentPart {
  const content = field(block, "content");
  return {
    type: "tool_call_response",
    id: text(block, "tool_use_id"),
    response: Array.isArray(content) ? blockParts(content) : typeof content === "string" ? content : null,
  };
}

function sourceParts(modality: string, source: unknown): readonly ContentPart[] {
  const data = field(source, "data");
  switch (field(source, "type")) {
    case "text":
      return textParts(data);
    case "content":
      return blockParts(field(source, "content"));
    case "url":
      return [mediaPart(modality, {})];
    default:
      return [
        mediaPart(modality, { data, mime: field(source, "media_type"), file: field(source, "file_id") }),
      ];
  }
}

/** Puts the events together to the message that a plain answer would have been. */
function messageStream(): ContentStream {
  const blocks: Record<string, unknown>[] = [];
  let role: string | undefined;
  return {
    item(event) {
      const type = field(event, "type");
      if (type === "message_start") role = text(field(event, "message"), "role");
      const index = field(event, "index");
      if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= MAX_INDEX) return;
      if (type === "content_block_start")
        blocks[index as number] = { ...Object(field(event, "content_block")) };
      else if (type === "content_block_delta") addDelta(blocks[index as number], field(event, "delta"));
    },
    messages() {
      const content = blocks.filter((block) => block !== undefined).map(finished);
      return anthropicMessagesContent.answer({ role, content });
    },
  };
}

function addDelta(block: Record<string, unknown> | undefined, delta: unknown): void {
  if (block === undefined) return;
  appendText(block, "text", field(delta, "text"));
  appendText(block, "thinking", field(delta, "thinking"));
  // Beside `input`, which the first event of a block has as an empty object.
  appendArguments(block, "json", field(delta, "partial_json"));
}

function finished({ json, ...block }: Record<string, unknown>): object {
  return typeof json === "string" && json !== "" ? { ...block, input: parsedArguments(json) } : block;
}
