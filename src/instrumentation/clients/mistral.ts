import type { ModelCall } from "../../agent/model-call.ts";
import { readMistralUsage } from "../../cost/readers/mistral.ts";
import * as names from "../../telemetry/semconv.ts";
import type { ClientInstrumentation, Endpoint, PatchTarget, RequestFacts } from "../endpoint.ts";
import { field, list, requestAttributes, requestTable, text, texts } from "../fields.ts";
import { methodTarget, specimen } from "../hidden-classes.ts";
import { oddUsage } from "../odd-usage.ts";

const REQUEST = requestTable([
  ["maxTokens", names.ATTR_REQUEST_MAX_TOKENS, "number"],
  ["temperature", names.ATTR_REQUEST_TEMPERATURE, "number"],
  ["topP", names.ATTR_REQUEST_TOP_P, "number"],
  ["frequencyPenalty", names.ATTR_REQUEST_FREQUENCY_PENALTY, "number"],
  ["presencePenalty", names.ATTR_REQUEST_PRESENCE_PENALTY, "number"],
  ["randomSeed", names.ATTR_REQUEST_SEED, "number"],
  ["stop", names.ATTR_REQUEST_STOP_SEQUENCES, "strings"],
  ["reasoningEffort", names.ATTR_REQUEST_REASONING_LEVEL, "string"],
  ["outputDimension", names.ATTR_EMBEDDINGS_DIMENSIONS, "number"],
  ["encodingFormat", names.ATTR_REQUEST_ENCODING_FORMATS, "strings"],
]);

/** The `@mistralai/mistralai` package. */
export const mistral: ClientInstrumentation = {
  packageName: "@mistralai/mistralai",

  targets(exports): readonly PatchTarget[] {
    const client = specimen(field(exports, "Mistral"), { apiKey: "unused" });
    // `parse` and `parseStream` do not call the others.
    const chats = [field(client, "chat"), field(client, "agents")].flatMap((resource) => [
      ...methodTarget(resource, "complete", endpoint("chat", false)),
      ...methodTarget(resource, "parse", endpoint("chat", false)),
      ...methodTarget(resource, "stream", endpoint("chat", true)),
      ...methodTarget(resource, "parseStream", endpoint("chat", true)),
    ]);
    const fim = field(client, "fim");
    return [
      ...chats,
      ...methodTarget(fim, "complete", endpoint("text_completion", false)),
      ...methodTarget(fim, "stream", endpoint("text_completion", true)),
      ...methodTarget(field(client, "embeddings"), "create", endpoint("embeddings", false)),
    ];
  },

  provider: () => "mistral_ai",

  baseUrl: (self, _body, options) => field(options, "serverURL") ?? field(self, "_baseURL"),

  // It makes spans of its own for the global provider when it is told to, by the environment or for one client.
  tracesItself(client) {
    const hooks = list(field(field(client, "_options"), "hooks"), "beforeRequestHooks");
    const own = hooks.find((hook) => field(hook, "_mistralTracingHook") === true);
    if (own === undefined) return false;
    return (
      field(own, "_telemetryUseGlobalProvider") === true || process.env["MISTRAL_SDK_TELEMETRY"] === "global"
    );
  },
};

function endpoint(operation: Endpoint["operation"], stream: boolean): Endpoint {
  return {
    operation,

    request(body): RequestFacts {
      const attributes = requestAttributes(body, REQUEST);
      const choices = field(body, "n");
      if (typeof choices === "number" && choices !== 1) attributes[names.ATTR_REQUEST_CHOICE_COUNT] = choices;
      const format = text(field(body, "responseFormat"), "type");
      if (format !== undefined) attributes[names.ATTR_OUTPUT_TYPE] = format === "text" ? "text" : "json";
      return { model: text(body, "model"), stream, attributes };
    },

    answer: takeAnswer,

    streamReader: () => ({
      item(call, event) {
        takeAnswer(call, field(event, "data"));
        return "keep";
      },
    }),
  };
}

function takeAnswer(call: ModelCall, answer: unknown): void {
  const finishReasons = texts(list(answer, "choices"), "finishReason");
  call.response({ id: text(answer, "id"), model: text(answer, "model"), finishReasons });
  const usage = readMistralUsage(field(answer, "usage"), oddUsage("mistral"));
  if (usage !== undefined) call.usage(usage);
}
