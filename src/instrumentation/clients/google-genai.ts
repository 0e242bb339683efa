import type { ModelCall } from "../../agent/model-call.ts";
import { readGoogleEmbeddingUsage, readGoogleUsage } from "../../cost/readers/google-genai.ts";
import * as names from "../../telemetry/semconv.ts";
import type { ClientInstrumentation, Endpoint, PatchTarget, RequestFacts } from "../endpoint.ts";
import { field, list, requestAttributes, requestTable, text } from "../fields.ts";
import { methodTarget } from "../hidden-classes.ts";
import { oddUsage } from "../odd-usage.ts";

/** Of `config`. */
const REQUEST = requestTable([
  ["maxOutputTokens", names.ATTR_REQUEST_MAX_TOKENS, "number"],
  ["temperature", names.ATTR_REQUEST_TEMPERATURE, "number"],
  ["topP", names.ATTR_REQUEST_TOP_P, "number"],
  ["topK", names.ATTR_REQUEST_TOP_K, "number"],
  ["frequencyPenalty", names.ATTR_REQUEST_FREQUENCY_PENALTY, "number"],
  ["presencePenalty", names.ATTR_REQUEST_PRESENCE_PENALTY, "number"],
  ["seed", names.ATTR_REQUEST_SEED, "number"],
  ["stopSequences", names.ATTR_REQUEST_STOP_SEQUENCES, "strings"],
  ["outputDimensionality", names.ATTR_EMBEDDINGS_DIMENSIONS, "number"],
]);

const odd = oddUsage("google");

/** The `@google/genai` package. */
export const googleGenAi: ClientInstrumentation = {
  packageName: "@google/genai",

  // What one asks for (`models.generateContent`, chats) lives on each object, and may be several requests: functions that the
  // client calls by itself, answers that it continues. Each is a call of a model of its own, and passes here.
  targets(exports): readonly PatchTarget[] {
    const models = field(field(exports, "Models"), "prototype");
    return [
      ...methodTarget(models, "generateContentInternal", generateContent(false)),
      ...methodTarget(models, "generateContentStreamInternal", generateContent(true)),
      ...methodTarget(models, "embedContentInternal", embedContent),
    ];
  },

  provider: (_host, _port, self) =>
    field(optionsOf(self), "vertexai") === true ? "gcp.vertex_ai" : "gcp.gemini",

  baseUrl: (self, body) =>
    field(field(field(body, "config"), "httpOptions"), "baseUrl") ??
    field(field(optionsOf(self), "httpOptions"), "baseUrl"),
};

function optionsOf(self: unknown): unknown {
  return field(field(self, "apiClient"), "clientOptions");
}

function generateContent(stream: boolean): Endpoint {
  return {
    operation: "generate_content",

    request(body): RequestFacts {
      const facts = requestOf(body, stream);
      const config = field(body, "config");
      const choices = field(config, "candidateCount");
      if (typeof choices === "number" && choices !== 1) {
        facts.attributes[names.ATTR_REQUEST_CHOICE_COUNT] = choices;
      }
      const level = text(field(config, "thinkingConfig"), "thinkingLevel");
      if (level !== undefined) facts.attributes[names.ATTR_REQUEST_REASONING_LEVEL] = level.toLowerCase();
      const format = text(config, "responseMimeType");
      if (format !== undefined) {
        facts.attributes[names.ATTR_OUTPUT_TYPE] = format === "application/json" ? "json" : "text";
      }
      return facts;
    },

    answer: takeContent,

    // Each piece has the usage up to it, and the last one all of it.
    streamReader: () => ({
      item(call, piece) {
        takeContent(call, piece);
        return "keep";
      },
    }),
  };
}

const embedContent: Endpoint = {
  operation: "embeddings",
  request: (body) => requestOf(body, false),
  answer(call, answer) {
    const usage = readGoogleEmbeddingUsage(answer, odd);
    if (usage !== undefined) call.usage(usage);
  },
  streamReader: () => ({ item: () => "keep" }),
};

function requestOf(body: unknown, stream: boolean): RequestFacts {
  // A model may be named by its path; what stands before its name are the caller's project and region.
  const model = text(body, "model")?.replace(/^(?:.*\/)?models\//, "");
  return { model, stream, attributes: requestAttributes(field(body, "config"), REQUEST) };
}

function takeContent(call: ModelCall, answer: unknown): void {
  const finishReasons = list(answer, "candidates").flatMap(
    (candidate) => text(candidate, "finishReason") ?? [],
  );
  // A prompt that was refused has no candidates.
  const refused = text(field(answer, "promptFeedback"), "blockReason");
  if (finishReasons.length === 0 && refused !== undefined) finishReasons.push(refused);
  call.response({ id: text(answer, "responseId"), model: text(answer, "modelVersion"), finishReasons });
  const usage = readGoogleUsage(field(answer, "usageMetadata"), odd);
  if (usage !== undefined) call.usage(usage);
}
