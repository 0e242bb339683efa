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

/** A provider that counts its items or parts higher than this is not believed. */
const MAX_INDEX = 1_024;

/** The text of the Responses protocol. */
export const openAiResponsesContent: ContentReader = {
  request(body) {
    const input = field(body, "input");
    return {
      system: textParts(field(body, "instructions")),
      input: Array.isArray(input) ? input.map(inputMessage) : said("user", textParts(input)),
      tools: list(body, "tools").map(toolOf),
    };
  },
  answer: (response) => said("assistant", list(response, "output").flatMap(itemParts)),
  stream: responseStream,
};

function said(role: string, parts: readonly ContentPart[]): readonly ContentMessage[] {
  return parts.length === 0 ? [] : [{ role, parts }];
}

function inputMessage(item: unknown): ContentMessage {
  const type = text(item, "type");
  const isOutput = type?.endsWith("_output") === true;
  return { role: text(item, "role") ?? (isOutput ? "tool" : "assistant"), parts: itemParts(item) };
}

function itemParts(item: unknown): readonly ContentPart[] {
  const type = text(item, "type");
  // Those that the program writes may leave the type out.
  if (type === "message" || type === undefined) return contentParts(field(item, "content"));
  switch (type) {
    case "function_call":
    case "custom_tool_call":
      return [toolCall(item)];
    case "mcp_call":
      return [toolCall(item), toolResponse(item)];
    case "function_call_output":
    case "custom_tool_call_output":
      return [toolResponse(item)];
    case "reasoning":
      return [...list(item, "summary"), ...list(item, "content")].flatMap((part) =>
        textParts(field(part, "text"), "reasoning"),
      );
    default:
      return [otherPart(item)];
  }
}

function toolCall(item: unknown): ContentPart {
  const written = field(item, "arguments");
  return {
    type: "tool_call",
    id: callId(item),
    name: text(item, "name") ?? "",
    // Custom tools take free text.
    arguments: written === undefined ? field(item, "input") : parsedArguments(written),
  };
}

function toolResponse(item: unknown): ContentPart {
  const output = field(item, "output");
  const response = Array.isArray(output) ? contentParts(output) : output;
  return { type: "tool_call_response", id: callId(item), response };
}

function callId(item: unknown): string | undefined {
  return text(item, "call_id") ?? text(item, "id");
}

function contentParts(content: unknown): readonly ContentPart[] {
  return Array.isArray(content) ? content.flatMap(contentPart) : textParts(content);
}

function contentPart(part: unknown): readonly ContentPart[] {
  switch (field(part, "type")) {
    case "input_text":
    case "output_text":
    case "text":
      return textParts(field(part, "text"));
    case "refusal":
      return textParts(field(part, "refusal"), "refusal");
    case "input_image":
      return [mediaPart("image", { data: field(part, "image_url"), file: field(part, "file_id") })];
    case "input_file":
      return [mediaPart("file", { data: field(part, "file_data"), file: field(part, "file_id") })];
    default:
      return [otherPart(part)];
  }
}

function toolOf(tool: unknown): ToolDefinition {
  const type = text(tool, "type") ?? "function";
  return { type, name: text(tool, "name") ?? text(tool, "server_label") ?? type };
}

/** The last event has the whole response; of a stream that was left before it, the items are put together from the others. */
function responseStream(): ContentStream {
  const items: Record<string, unknown>[] = [];
  let whole: readonly ContentMessage[] = [];
  return {
    item(event) {
      const response = field(event, "response");
      if (list(response, "output").length > 0) whole = openAiResponsesContent.answer(response);
      else addEvent(items, event);
    },
    messages: () => (whole.length > 0 ? whole : said("assistant", present(items).flatMap(itemParts))),
  };
}

/** Events that bring a piece of text: the list of the item, the index in it, and the field of the part. */
const PIECES: Readonly<Record<string, readonly [list: string, index: string, name: string, type: string]>> = {
  "response.output_text.delta": ["content", "content_index", "text", "output_text"],
  "response.refusal.delta": ["content", "content_index", "refusal", "refusal"],
  "response.reasoning_text.delta": ["content", "content_index", "text", "reasoning_text"],
  "response.reasoning_summary_text.delta": ["summary", "summary_index", "text", "summary_text"],
};

function addEvent(items: Record<string, unknown>[], event: unknown): void {
  const type = text(event, "type");
  const item = at(items, field(event, "output_index"));
  if (type === undefined || item === undefined) return;
  if (type === "response.output_item.added" || type === "response.output_item.done") {
    // A copy of what we add to: the event belongs to the caller.
    const { content, summary, ...rest } = Object(field(event, "item")) as Record<string, unknown>;
    Object.assign(item, rest, { content: copied(content), summary: copied(summary) });
  } else if (type === "response.function_call_arguments.delta") {
    appendArguments(item, "arguments", field(event, "delta"));
  } else if (type === "response.custom_tool_call_input.delta") {
    appendText(item, "input", field(event, "delta"));
  } else if (PIECES[type] !== undefined) {
    const [parts, index, name, partType] = PIECES[type];
    if (!Array.isArray(item[parts])) item[parts] = [];
    const part = at(item[parts] as Record<string, unknown>[], field(event, index));
    if (part === undefined) return;
    part["type"] ??= partType;
    appendText(part, name, field(event, "delta"));
  }
}

function copied(parts: unknown): unknown {
  return Array.isArray(parts) ? parts.map((part: unknown) => ({ ...Object(part) })) : parts;
}

function at(items: Record<string, unknown>[], index: unknown): Record<string, unknown> | undefined {
  if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= MAX_INDEX) return undefined;
  items[index as number] ??= {};
  return items[index as number];
}

function present(items: readonly Record<string, unknown>[]): readonly Record<string, unknown>[] {
  return items.filter((item) => item !== undefined && "type" in item);
}
