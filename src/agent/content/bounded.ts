import { Cleaner, jsonBytes } from "./clean.ts";
import type { ContentMessage, ContentPart, ToolDefinition } from "./message.ts";

/** Bytes of JSON that one message may have, and the system instructions. */
const MESSAGE_BYTES = 16_384;
/** Bytes of JSON that one attribute may have. */
const TOTAL_BYTES = 65_536;
/** What a line about messages that are not here may take. */
const MARK_BYTES = 256;

/**
 * Cleaned and cut, newest first as long as there is room: of a long history the oldest messages are left out, and said to be.
 *
 * @param before How many of the first were recorded with earlier calls: a line says so in their place.
 */
export function boundedMessages(messages: readonly ContentMessage[], before = 0): readonly ContentMessage[] {
  const kept: ContentMessage[] = [];
  let left = TOTAL_BYTES - 2 * MARK_BYTES;
  for (let i = messages.length - 1; i >= before; i--) {
    const message = boundedMessage(messages[i]!);
    left -= jsonBytes(message) + 1;
    if (left < 0) {
      kept.push(note(`${i + 1 - before} older messages left out`));
      break;
    }
    kept.push(message);
  }
  if (before > 0) kept.push(note(`${before} earlier messages, recorded with the calls before`));
  return kept.reverse();
}

export function boundedParts(
  parts: readonly ContentPart[],
  cleaner = new Cleaner(MESSAGE_BYTES),
): readonly ContentPart[] {
  const kept: ContentPart[] = [];
  for (const [index, part] of parts.entries()) {
    if (cleaner.spent) {
      kept.push(mark(`${parts.length - index} more parts left out`));
      break;
    }
    kept.push(cleaner.value(part) as ContentPart);
  }
  return kept;
}

/** As many as there is room for. */
export function boundedTools(tools: readonly ToolDefinition[]): readonly ToolDefinition[] {
  const cleaner = new Cleaner(MESSAGE_BYTES);
  const kept: ToolDefinition[] = [];
  for (const tool of tools) {
    if (cleaner.spent) break;
    kept.push(cleaner.value(tool) as ToolDefinition);
  }
  return kept;
}

function boundedMessage({ role, name, parts }: ContentMessage): ContentMessage {
  const cleaner = new Cleaner(MESSAGE_BYTES);
  const head = cleaner.value({ role, name }) as { role: string; name?: string };
  return { ...head, parts: boundedParts(parts, cleaner) };
}

function note(what: string): ContentMessage {
  return { role: "system", parts: [mark(what)] };
}

function mark(what: string): ContentPart {
  return { type: "text", content: `[${what}]` };
}
