import { chunked } from "../scripted-provider/chunked.ts";
import { isRecord } from "../scripted-provider/request-facts.ts";
import { type CleanText, cleanJson, isOpaque, type JsonPath } from "./clean-json.ts";
import type { RecordedEvent } from "./recording.ts";

/** The pieces of one streamed text, over all events. */
interface Pieces {
  readonly texts: string[];
  /** What each becomes. */
  clean: readonly string[];
}

/** What tells the texts of one stream apart, in the protocols of OpenAI and Anthropic. */
const IDENTITY = ["type", "item_id", "output_index", "content_index", "summary_index", "index"];

/**
 * Cleans a stream. What is streamed in pieces is cleaned as the whole text that it makes, since a secret may be cut in two; where that
 * changes it, the clean text is cut anew into as many pieces.
 */
export function cleanEvents(events: readonly RecordedEvent[], clean: CleanText): RecordedEvent[] {
  const streamed = new Map<string, Pieces>();
  for (const { data } of events) {
    cleanJson(data, unchanged, (path, text) => {
      const key = streamOf(data, path);
      if (key !== undefined) collect(streamed, key, text);
      return undefined;
    });
  }
  for (const pieces of streamed.values()) pieces.clean = recut(pieces.texts, clean);
  const next = new Map<string, number>();
  return events.map((event) => ({
    ...event,
    data: cleanJson(event.data, clean, (path) => {
      const key = streamOf(event.data, path);
      if (key === undefined) return undefined;
      const index = next.get(key) ?? 0;
      next.set(key, index + 1);
      return streamed.get(key)?.clean[index];
    }),
  }));
}

function unchanged(text: string): string {
  return text;
}

function collect(streamed: Map<string, Pieces>, key: string, text: string): void {
  const pieces = streamed.get(key);
  if (pieces === undefined) streamed.set(key, { texts: [text], clean: [] });
  else pieces.texts.push(text);
}

function recut(texts: readonly string[], clean: CleanText): readonly string[] {
  const whole = texts.join("");
  const cleaned = clean(whole);
  if (cleaned === whole) return texts;
  const { chunks } = chunked(cleaned, texts.length);
  return texts.map((_, index) => chunks[index] ?? "");
}

/** Which streamed text a string of an event is a piece of; `undefined`: of none. Providers keep pieces in a `delta`. */
function streamOf(data: unknown, path: JsonPath): string | undefined {
  if (!isRecord(data) || !path.includes("delta") || isOpaque(path.at(-1))) return undefined;
  const identity = IDENTITY.map((key) => String(data[key]));
  return JSON.stringify([...identity, ...path.map((step, depth) => stepOf(data, path, step, depth))]);
}

/** Items of lists by the number that they carry: an event has only those that go on. */
function stepOf(data: unknown, path: JsonPath, step: string | number, depth: number): string | number {
  if (typeof step === "string") return step;
  let at: unknown = data;
  for (const key of path.slice(0, depth + 1)) at = (at as Record<string | number, unknown>)[key];
  return isRecord(at) && typeof at["index"] === "number" ? at["index"] : step;
}
