import { cleanEvents } from "./clean-events.ts";
import { type CleanText, cleanJson } from "./clean-json.ts";
import { parseEvents } from "./event-text.ts";
import { KEPT_HEADERS, type RecordedAnswer } from "./recording.ts";

/** What is kept of an answer that came whole. */
export function recordedAnswer(
  status: number,
  headers: Headers,
  bytes: Buffer,
  clean: CleanText,
): RecordedAnswer {
  const kept = KEPT_HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  return {
    status,
    headers: Object.fromEntries(kept),
    ...contentOf(headers.get("content-type") ?? "", bytes, clean),
  };
}

function contentOf(
  type: string,
  bytes: Buffer,
  clean: CleanText,
): Omit<RecordedAnswer, "status" | "headers"> {
  if (/^text\/event-stream\b/i.test(type)) {
    return { events: cleanEvents(parseEvents(bytes.toString("utf8")), clean) };
  }
  if (/^(?:audio|image|video|application\/octet-stream)\b/i.test(type)) {
    return { base64: bytes.toString("base64") };
  }
  const text = bytes.toString("utf8");
  if (/\bjson\b/i.test(type)) {
    try {
      return { body: cleanJson(JSON.parse(text), clean) };
    } catch {
      // Says JSON and is none.
    }
  }
  return { text: clean(text) };
}
