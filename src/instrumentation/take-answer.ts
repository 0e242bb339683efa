import type { ModelCall } from "../agent/model-call.ts";
import { reportFailure, safely } from "../internal/warn-once.ts";
import type { Endpoint } from "./endpoint.ts";
import { field } from "./fields.ts";
import { isStream, observeStream } from "./observe-stream.ts";

/** An answer that is to come, and who wants to know of it. */
export interface Awaited {
  readonly call: ModelCall;
  readonly endpoint: Endpoint;
  /** Whether the request was changed to have the usage in the stream. */
  readonly changed: boolean;
  readonly name: string;
}

/**
 * Reads an answer as the client has parsed it, and ends the call; for a stream both wait until it is over.
 *
 * @param inPlace Whether the answer has been handed out already, so that nothing can stand in for it.
 * @returns The answer, or what stands in for it. Never throws.
 */
export function takeAnswer(answer: unknown, awaited: Awaited, inPlace: boolean): unknown {
  const { call, endpoint, changed, name } = awaited;
  try {
    const { streamField } = endpoint;
    const stream = streamField === undefined ? answer : field(answer, streamField);
    if (isStream(stream)) {
      const reader = endpoint.streamReader(changed);
      const followed = observeStream(stream, { call, reader, name }, inPlace);
      if (streamField === undefined) return followed;
      if (followed !== stream) (answer as Record<string, unknown>)[streamField] = followed;
      return answer;
    }
    safely(`reading an answer of ${name}`, () => endpoint.answer(call, answer));
  } catch (error) {
    reportFailure(`reading an answer of ${name}`, error);
  }
  call.end();
  return answer;
}
