import type { ContentPart } from "../../agent/content/message.ts";
import type { RecordedMessage } from "../../agent/content/recorded-messages.ts";
import { field, list, text } from "../../instrumentation/fields.ts";

/** What a model has answered, of the pieces of its message. */
export function outputMessages(pieces: readonly unknown[]): readonly RecordedMessage[] {
  const parts = pieces.flatMap((piece) => list(piece, "content").flatMap(partOf));
  return parts.length === 0 ? [] : [{ role: "assistant", parts }];
}

function partOf(block: unknown): readonly ContentPart[] {
  switch (text(block, "type")) {
    case "text":
      return [{ type: "text", content: text(block, "text") ?? "" }];
    case "thinking":
      return [{ type: "reasoning", content: text(block, "thinking") ?? "" }];
    case "tool_use":
      return [
        {
          type: "tool_call",
          id: text(block, "id"),
          name: text(block, "name") ?? "",
          arguments: field(block, "input"),
        },
      ];
    default:
      return [];
  }
}
