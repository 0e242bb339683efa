import type { ContentPart } from "../../agent/content/message.ts";
import type { RecordedMessage } from "../../agent/content/recorded-messages.ts";
import { appendText, parsedArguments, textParts } from "../../instrumentation/content-parts.ts";
import { text } from "../../instrumentation/fields.ts";

/** A stream with more parts than this is no answer that anybody reads. */
const MAX_PARTS = 1_024;

/** Keeps the text of a streamed answer, for those who record it. */
export class AnswerText {
  readonly #parts = new Map<string, ContentPart & Record<string, unknown>>();

  part(type: string, part: unknown): void {
    if (type === "text-delta") this.#append("text", part);
    else if (type === "reasoning-delta") this.#append("reasoning", part);
    else if (type === "tool-call") this.#add(`call ${text(part, "toolCallId") ?? ""}`, toolCallPart(part));
  }

  get messages(): readonly RecordedMessage[] {
    return [{ role: "assistant", parts: [...this.#parts.values()] }];
  }

  #append(type: "text" | "reasoning", part: unknown): void {
    const key = `${type} ${text(part, "id") ?? ""}`;
    const known = this.#parts.get(key) ?? this.#add(key, { type, content: "" });
    if (known !== undefined) appendText(known, "content", text(part, "delta"));
  }

  #add(key: string, part: ContentPart): (ContentPart & Record<string, unknown>) | undefined {
    if (this.#parts.size >= MAX_PARTS) return undefined;
    const kept = { ...part };
    this.#parts.set(key, kept);
    return kept;
  }
}

/** A tool call as models write it: its arguments are JSON text. */
export function toolCallPart(part: unknown): ContentPart {
  const written = (part as { readonly input?: unknown }).input;
  return {
    type: "tool_call",
    id: text(part, "toolCallId"),
    name: text(part, "toolName") ?? "",
    arguments: parsedArguments(written),
  };
}

/** Reasoning and text of an answer that came at once. */
export function writtenParts(type: "text" | "reasoning", part: unknown): readonly ContentPart[] {
  return textParts(text(part, "text"), type);
}
