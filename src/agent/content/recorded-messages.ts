import type { ContentMessage, ContentPart } from "./message.ts";

/** A message as programs have it at hand: with text, or with parts in the shape of the GenAI conventions. */
export type RecordedMessage =
  | { readonly role: string; readonly content: string }
  | { readonly role: string; readonly parts: readonly ContentPart[] };

/** What `chat()` is told of a call's text. */
export type RecordedMessages = string | readonly RecordedMessage[];

/** @param role Of a bare text. */
export function recordedMessages(messages: RecordedMessages, role: string): readonly ContentMessage[] {
  if (typeof messages === "string") return [textMessage(role, messages)];
  return messages.map((message) =>
    "parts" in message
      ? { role: message.role, parts: message.parts }
      : textMessage(message.role, message.content),
  );
}

function textMessage(role: string, content: string): ContentMessage {
  return { role, parts: [{ type: "text", content }] };
}
