import type { ChatMessage } from "./chat-message.ts";
import type { Summary } from "./summary.ts";
import type { Timeline } from "./timeline.ts";

/** The messages in their order, and the summary where that stood which it sums up. */
export function withSummary<M extends ChatMessage>(
  { groups }: Timeline<M>,
  summary: Summary<M> | undefined,
): M[] {
  const messages: M[] = [];
  let isMissing = summary !== undefined;
  for (const { entries } of groups) {
    if (isMissing && entries[0]!.seq > summary!.after) {
      messages.push(summary!.message);
      isMissing = false;
    }
    for (const { message } of entries) messages.push(message);
  }
  if (isMissing) messages.push(summary!.message);
  return messages;
}
