import type { Lifetime } from "./lifetime.ts";

/** The streams of the openai and anthropic clients that one listens to: `on("text")`, `await finalMessage()`. */
export interface EventStream {
  on(event: "end", listener: () => void): unknown;
  /** Rejects with what ended the stream. */
  done(): Promise<void>;
}

export function isEventStream(value: object): value is EventStream {
  const { on, done } = value as Partial<EventStream>;
  return typeof on === "function" && typeof done === "function" && "ended" in value;
}

/** Ends `lifetime` with the stream, unless `isIterated`: then its last item, which the consumer may not have yet, does. */
export function endWithEvents(
  stream: EventStream,
  lifetime: Lifetime,
  isIterated: () => boolean,
  release: () => void,
): void {
  stream.on("end", () => {
    if (isIterated()) return;
    release();
    // Not before the end: whoever waits for `done` counts as a handler of the stream's errors.
    stream.done().then(
      () => lifetime.end(),
      (error: unknown) => lifetime.fail(error),
    );
  });
}
