import type { ContentPart } from "../../agent/content/message.ts";
import type { RecordedMessage } from "../../agent/content/recorded-messages.ts";
import { mediaPart, otherPart, textParts } from "../../instrumentation/content-parts.ts";
import { field, list, text } from "../../instrumentation/fields.ts";
import { toolCallPart, writtenParts } from "./answer-text.ts";

/** What a model is asked, of an event with `instructions` and `messages`. */
export function inputMessages(event: unknown): readonly RecordedMessage[] {
  const system = instructionParts(field(event, "instructions"));
  const asked = list(event, "messages").map((message) => ({
    role: text(message, "role") ?? "user",
    parts: parts(field(message, "content")),
  }));
  return system.length === 0 ? asked : [{ role: "system", parts: system }, ...asked];
}

/** What a model has answered, of an answer that came at once. */
export function outputMessages(result: unknown): readonly RecordedMessage[] {
  return [{ role: "assistant", parts: parts(field(result, "content")) }];
}

/** A text, a system message, or several. */
function instructionParts(instructions: unknown): readonly ContentPart[] {
  const all = Array.isArray(instructions) ? instructions : [instructions];
  return all.flatMap((each) => parts(typeof each === "string" ? each : field(each, "content")));
}

function parts(content: unknown): readonly ContentPart[] {
  return Array.isArray(content) ? content.flatMap(partOf) : textParts(content);
}

function partOf(part: unknown): readonly ContentPart[] {
  const type = text(part, "type");
  switch (type) {
    case "text":
    case "reasoning":
      return writtenParts(type, part);
    case "tool-call":
      return [toolCallPart(part)];
    case "tool-result":
      return [toolResultPart(part)];
    case "image":
    case "file":
    case "reasoning-file":
      return [filePart(type, part)];
    default:
      return [otherPart(part)];
  }
}

function toolResultPart(part: unknown): ContentPart {
  const output = field(part, "output") ?? field(part, "result");
  // The AI SDK says of what kind the value is.
  const response = field(output, "value") ?? output;
  return { type: "tool_call_response", id: text(part, "toolCallId"), response };
}

function filePart(type: string, part: unknown): ContentPart {
  const mime = text(part, "mediaType");
  const modality = type === "image" ? "image" : (mime?.split("/")[0] ?? "document");
  const source = field(part, "data") ?? field(part, "image");
  const data = typeof source === "string" ? source : (field(source, "data") ?? undefined);
  return mediaPart(modality, mime === undefined ? { data } : { data, mime });
}
