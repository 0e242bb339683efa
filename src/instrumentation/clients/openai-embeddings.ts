import { readOpenAiChatUsage } from "../../cost/readers/openai-chat.ts";
import * as names from "../../telemetry/semconv.ts";
import type { Endpoint, RequestFacts } from "../endpoint.ts";
import { field, requestAttributes, requestTable, text } from "../fields.ts";
import { oddUsage } from "../odd-usage.ts";

const REQUEST = requestTable([
  ["dimensions", names.ATTR_EMBEDDINGS_DIMENSIONS, "number"],
  ["encoding_format", names.ATTR_REQUEST_ENCODING_FORMATS, "strings"],
]);

/** `client.embeddings.create`. */
export const openAiEmbeddings: Endpoint = {
  operation: "embeddings",

  request(body): RequestFacts {
    return { model: text(body, "model"), stream: false, attributes: requestAttributes(body, REQUEST) };
  },

  answer(call, answer) {
    call.response({ model: text(answer, "model") });
    const usage = readOpenAiChatUsage(field(answer, "usage"), oddUsage("openai"));
    if (usage !== undefined) call.usage(usage);
  },

  streamReader: () => ({ item: () => "keep" }),
};
