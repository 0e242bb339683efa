import * as names from "../telemetry/semconv.ts";
import { requestTable } from "./fields.ts";

/** Settings of a model call in the words of the AI SDK, which frameworks that stand on it share: no content. */
export const AI_SDK_SETTINGS = requestTable([
  ["maxOutputTokens", names.ATTR_REQUEST_MAX_TOKENS, "number"],
  ["temperature", names.ATTR_REQUEST_TEMPERATURE, "number"],
  ["topP", names.ATTR_REQUEST_TOP_P, "number"],
  ["topK", names.ATTR_REQUEST_TOP_K, "number"],
  ["presencePenalty", names.ATTR_REQUEST_PRESENCE_PENALTY, "number"],
  ["frequencyPenalty", names.ATTR_REQUEST_FREQUENCY_PENALTY, "number"],
  ["seed", names.ATTR_REQUEST_SEED, "number"],
  ["stopSequences", names.ATTR_REQUEST_STOP_SEQUENCES, "strings"],
  ["reasoning", names.ATTR_REQUEST_REASONING_LEVEL, "string"],
]);
