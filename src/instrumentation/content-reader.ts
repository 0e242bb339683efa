import type { ContentMessage, RequestContent } from "../agent/content/message.ts";
import type { ModelCall } from "../agent/model-call.ts";
import { safely } from "../internal/warn-once.ts";
import type { Endpoint, StreamReader } from "./endpoint.ts";

/** Reads the text of an endpoint's calls. Asked only where content is captured. */
export interface ContentReader {
  request(body: unknown): RequestContent;
  /** One message for each choice. */
  answer(answer: unknown): readonly ContentMessage[];
  /** Made anew for each streamed answer. */
  stream(): ContentStream;
}

/** Puts a streamed answer together. */
export interface ContentStream {
  item(item: unknown): void;
  /** What the answer was so far: at its end the same as of a plain one. */
  messages(): readonly ContentMessage[];
}

/**
 * An endpoint that also hands the text of `call` to where it is recorded; the same endpoint where none is.
 *
 * @param body What the client was called with. Read at once.
 */
export function withContent(endpoint: Endpoint, call: ModelCall, body: unknown): Endpoint {
  const { content } = call;
  const reader = endpoint.content;
  if (content === undefined || reader === undefined) return endpoint;
  content.request(() => reader.request(body));
  return {
    ...endpoint,
    answer(self, answer) {
      content.output(() => reader.answer(answer));
      endpoint.answer(self, answer);
    },
    streamReader: (changed) => streamWithContent(endpoint.streamReader(changed), reader, call),
  };
}

function streamWithContent(usual: StreamReader, reader: ContentReader, { content }: ModelCall): StreamReader {
  let stream: ContentStream | undefined;
  return {
    item(call, item) {
      // Before the usual reader, which may end the call.
      safely("recording the content of a stream", () => {
        if (stream === undefined) {
          const begun = reader.stream();
          stream = begun;
          content?.output(() => begun.messages());
        }
        stream.item(item);
      });
      return usual.item(call, item);
    },
    end: (call) => usual.end?.(call),
  };
}
