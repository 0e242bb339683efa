import { followReadableStream } from "../agent/streams/follow-readable-stream.ts";
import { safely } from "../internal/warn-once.ts";
import { jsonOf, ServerSentEvents } from "./server-sent-events.ts";
import type { Awaited } from "./take-answer.ts";

/** As OpenAI writes it into each chunk when a stream was asked for its usage. */
const EMPTY_USAGE = ',"usage":null';

/**
 * Follows the raw body of a streamed answer, and shows its events to the reader. Where the caller has not asked for usage
 * itself, what was added because of us is taken out again; else the bytes pass as they are.
 */
export function rawStream(source: ReadableStream, watch: Awaited): ReadableStream {
  const { call, endpoint, changed, name } = watch;
  const reader = endpoint.streamReader(changed);
  const events = new ServerSentEvents();
  const see = (event: string): "keep" | "hide" => {
    let verdict: "keep" | "hide" = "keep";
    safely(`reading a stream of ${name}`, () => {
      const item = jsonOf(event);
      if (item === undefined) return;
      call.chunk();
      verdict = reader.item(call, item);
    });
    return verdict;
  };
  if (!changed) {
    return followReadableStream(source, call, name, (chunk) => {
      if (chunk instanceof Uint8Array) for (const event of events.push(chunk)) see(event);
    });
  }
  const encoder = new TextEncoder();
  const filter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      const kept = events.push(chunk).filter((event) => see(event) === "keep");
      if (kept.length > 0) controller.enqueue(encoder.encode(kept.map(withoutUsage).join("")));
    },
    flush(controller) {
      const rest = events.end();
      if (rest !== "") controller.enqueue(encoder.encode(withoutUsage(rest)));
    },
  });
  return followReadableStream(source, call, name).pipeThrough(filter);
}

/** Inside a string of the answer the quotes would be escaped, so this is the field itself. */
function withoutUsage(event: string): string {
  return event.replace(EMPTY_USAGE, "");
}
