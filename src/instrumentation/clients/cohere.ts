import type { ModelCall } from "../../agent/model-call.ts";
import { readCohereUsage } from "../../cost/readers/cohere.ts";
import * as names from "../../telemetry/semconv.ts";
import type { ClientInstrumentation, Endpoint, PatchTarget, RequestFacts } from "../endpoint.ts";
import { field, requestAttributes, requestTable, text } from "../fields.ts";
import { methodTarget, specimen } from "../hidden-classes.ts";
import { oddUsage } from "../odd-usage.ts";

const REQUEST = requestTable([
  ["maxTokens", names.ATTR_REQUEST_MAX_TOKENS, "number"],
  ["temperature", names.ATTR_REQUEST_TEMPERATURE, "number"],
  ["p", names.ATTR_REQUEST_TOP_P, "number"],
  ["k", names.ATTR_REQUEST_TOP_K, "number"],
  ["frequencyPenalty", names.ATTR_REQUEST_FREQUENCY_PENALTY, "number"],
  ["presencePenalty", names.ATTR_REQUEST_PRESENCE_PENALTY, "number"],
  ["seed", names.ATTR_REQUEST_SEED, "number"],
  ["stopSequences", names.ATTR_REQUEST_STOP_SEQUENCES, "strings"],
  ["outputDimension", names.ATTR_EMBEDDINGS_DIMENSIONS, "number"],
  ["embeddingTypes", names.ATTR_REQUEST_ENCODING_FORMATS, "strings"],
]);

const DEFAULT_URL = "https://api.cohere.com";

/** The `cohere-ai` package: its second API (`CohereClientV2`, `client.v2`), and what its first one has of the same. */
export const cohere: ClientInstrumentation = {
  packageName: "cohere-ai",

  targets(exports): readonly PatchTarget[] {
    const first = specimen(field(exports, "CohereClient"), { token: "unused" });
    return [field(first, "v2"), first].flatMap((client) => [
      ...methodTarget(client, "chat", endpoint("chat", false)),
      ...methodTarget(client, "chatStream", endpoint("chat", true)),
      ...methodTarget(client, "embed", endpoint("embeddings", false)),
    ]);
  },

  provider: () => "cohere",

  baseUrl(self) {
    const options = field(self, "_options");
    // Those of Bedrock and SageMaker send with a function of their own, to somewhere else.
    if (field(options, "fetcher") !== undefined) return undefined;
    return field(options, "baseUrl") ?? field(options, "environment") ?? DEFAULT_URL;
  },
};

function endpoint(operation: "chat" | "embeddings", stream: boolean): Endpoint {
  return {
    operation,

    request(body): RequestFacts {
      const attributes = requestAttributes(body, REQUEST);
      const format = text(field(body, "responseFormat"), "type");
      if (format !== undefined) attributes[names.ATTR_OUTPUT_TYPE] = format === "text" ? "text" : "json";
      return { model: text(body, "model"), stream, attributes };
    },

    answer: takeAnswer,

    streamReader: () => ({
      item(call, event) {
        takeEvent(call, event);
        return "keep";
      },
    }),
  };
}

/** Of either API, plain. */
function takeAnswer(call: ModelCall, answer: unknown): void {
  const reason = text(answer, "finishReason");
  call.response({
    id: text(answer, "id") ?? text(answer, "responseId") ?? text(answer, "generationId"),
    finishReasons: reason === undefined ? [] : [reason],
  });
  takeUsage(call, field(answer, "usage") ?? field(answer, "meta"));
}

function takeEvent(call: ModelCall, event: unknown): void {
  // The second API has `type`, the first one `eventType`.
  switch (text(event, "type") ?? text(event, "eventType")) {
    case "message-start":
      call.response({ id: text(event, "id") });
      break;
    case "message-end": {
      const delta = field(event, "delta");
      const reason = text(delta, "finishReason");
      if (reason !== undefined) call.response({ finishReasons: [reason] });
      takeUsage(call, field(delta, "usage"));
      break;
    }
    case "stream-start":
      call.response({ id: text(event, "generationId") });
      break;
    case "stream-end": {
      takeAnswer(call, field(event, "response"));
      const reason = text(event, "finishReason");
      if (reason !== undefined) call.response({ finishReasons: [reason] });
      break;
    }
  }
}

function takeUsage(call: ModelCall, raw: unknown): void {
  const usage = readCohereUsage(raw, oddUsage("cohere"));
  if (usage !== undefined) call.usage(usage);
}
