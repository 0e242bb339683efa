import type { ModelCall } from "../../agent/model-call.ts";
import { readOllamaUsage } from "../../cost/readers/ollama.ts";
import * as names from "../../telemetry/semconv.ts";
import type { ClientInstrumentation, Endpoint, PatchTarget, RequestFacts } from "../endpoint.ts";
import { field, requestAttributes, requestTable, text } from "../fields.ts";
import { methodTarget } from "../hidden-classes.ts";
import { oddUsage } from "../odd-usage.ts";

/** Of `options`. */
const REQUEST = requestTable([
  ["num_predict", names.ATTR_REQUEST_MAX_TOKENS, "number"],
  ["temperature", names.ATTR_REQUEST_TEMPERATURE, "number"],
  ["top_p", names.ATTR_REQUEST_TOP_P, "number"],
  ["top_k", names.ATTR_REQUEST_TOP_K, "number"],
  ["frequency_penalty", names.ATTR_REQUEST_FREQUENCY_PENALTY, "number"],
  ["presence_penalty", names.ATTR_REQUEST_PRESENCE_PENALTY, "number"],
  ["seed", names.ATTR_REQUEST_SEED, "number"],
  ["stop", names.ATTR_REQUEST_STOP_SEQUENCES, "strings"],
]);

/** The `ollama` package. */
export const ollama: ClientInstrumentation = {
  packageName: "ollama",

  targets(exports): readonly PatchTarget[] {
    const client = field(field(exports, "Ollama"), "prototype");
    return [
      ...methodTarget(client, "chat", endpoint("chat")),
      ...methodTarget(client, "generate", endpoint("text_completion")),
      ...methodTarget(client, "embed", endpoint("embeddings")),
      ...methodTarget(client, "embeddings", endpoint("embeddings")),
    ];
  },

  provider: () => "ollama",

  baseUrl: (self) => field(field(self, "config"), "host"),
};

function endpoint(operation: Endpoint["operation"]): Endpoint {
  return {
    operation,

    request(body): RequestFacts {
      const attributes = requestAttributes(field(body, "options"), REQUEST);
      const dimensions = field(body, "dimensions");
      if (typeof dimensions === "number") attributes[names.ATTR_EMBEDDINGS_DIMENSIONS] = dimensions;
      // "json", or a schema.
      if (field(body, "format")) attributes[names.ATTR_OUTPUT_TYPE] = "json";
      return { model: text(body, "model"), stream: field(body, "stream") === true, attributes };
    },

    answer: takeAnswer,

    // Each piece looks like an answer; the last one has the counts.
    streamReader: () => ({
      item(call, piece) {
        takeAnswer(call, piece);
        return "keep";
      },
    }),
  };
}

function takeAnswer(call: ModelCall, answer: unknown): void {
  const reason = text(answer, "done_reason");
  call.response({ model: text(answer, "model"), finishReasons: reason === undefined ? [] : [reason] });
  if (field(answer, "prompt_eval_count") === undefined) return;
  const usage = readOllamaUsage(answer, oddUsage("ollama"));
  if (usage !== undefined) call.usage(usage);
}
