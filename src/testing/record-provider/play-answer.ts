import type { Wire } from "../scripted-provider/wire.ts";
import { eventText } from "./event-text.ts";
import type { RecordedAnswer } from "./recording.ts";

/** Gives a recorded answer: a stream in its events, as fast as they are read. @throws ConnectionGone when the client leaves first. */
export async function playAnswer(wire: Wire, { status, headers, ...content }: RecordedAnswer): Promise<void> {
  if (content.events !== undefined) {
    wire.head(status, headers);
    for (const event of content.events) await wire.write(eventText(event));
    return wire.end();
  }
  const bytes = Buffer.from(
    content.text ?? (content.base64 === undefined ? JSON.stringify(content.body) : ""),
    "utf8",
  );
  const sent = content.base64 === undefined ? bytes : Buffer.from(content.base64, "base64");
  wire.head(status, { ...headers, "content-length": String(sent.length) });
  await wire.write(sent);
  wire.end();
}
