import { cutText } from "../../internal/redact.ts";
import type { ChatMessage } from "./chat-message.ts";

/** Of all that has left so far. */
export interface Summary<M> {
  /** As it was written. */
  readonly text: string;
  readonly message: M;
  readonly tokens: number;
  /** Number of the last message that it tells of: it stands before the next one. */
  readonly after: number;
}

/** How a summary begins, so that a model and a reader know it for one. */
export const SUMMARY_MARK = "Summary of the conversation so far:\n";

/**
 * Makes a message of a summary. It is the user's: it may tell of what tools and strangers have said, which must not become a word of the
 * system; and with Anthropic the first message is the user's.
 *
 * @param count Counts a message.
 * @returns Cut to `maxTokens`; `undefined` where nothing of it is left then.
 */
export function summaryOf<M extends ChatMessage>(
  text: string,
  after: number,
  maxTokens: number,
  count: (message: M) => number,
): Summary<M> | undefined {
  let kept = text;
  while (kept.trim() !== "") {
    // Every message type of both providers has the user's with a text.
    const message = { role: "user", content: SUMMARY_MARK + kept } as unknown as M;
    const tokens = count(message);
    if (tokens <= maxTokens) return { text: kept, message, tokens, after };
    kept = shorter(kept, maxTokens / tokens);
  }
  return undefined;
}

/** By the share that it is too long, and always by something. */
function shorter(text: string, share: number): string {
  const length = Math.min(text.length - 1, Math.floor(text.length * Math.max(0.5, share)));
  return length < 2 ? "" : cutText(text, length);
}
