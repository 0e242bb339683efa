import type { ModelCall } from "../../agent/model-call.ts";
import { readOpenAiChatUsage } from "../../cost/readers/openai-chat.ts";
import * as names from "../../telemetry/semconv.ts";
import type { Endpoint, RequestFacts, StreamReader } from "../endpoint.ts";
import { field, isPlain, list, requestAttributes, requestTable, text, texts } from "../fields.ts";
import { oddUsage } from "../odd-usage.ts";
import { openAiChatContent } from "./openai-chat-content.ts";

const REQUEST = requestTable([
  ["max_tokens", names.ATTR_REQUEST_MAX_TOKENS, "number"],
  ["max_completion_tokens", names.ATTR_REQUEST_MAX_TOKENS, "number"],
  ["temperature", names.ATTR_REQUEST_TEMPERATURE, "number"],
  ["top_p", names.ATTR_REQUEST_TOP_P, "number"],
  ["frequency_penalty", names.ATTR_REQUEST_FREQUENCY_PENALTY, "number"],
  ["presence_penalty", names.ATTR_REQUEST_PRESENCE_PENALTY, "number"],
  ["seed", names.ATTR_REQUEST_SEED, "number"],
  ["stop", names.ATTR_REQUEST_STOP_SEQUENCES, "strings"],
  ["reasoning_effort", names.ATTR_REQUEST_REASONING_LEVEL, "string"],
]);

/** Off for gateways that refuse an option they do not know. */
const ASKS_FOR_USAGE = process.env["AGENT_OTEL_STREAM_USAGE"]?.trim().toLowerCase() !== "false";

/** `client.chat.completions.create`. */
export const openAiChat: Endpoint = {
  operation: "chat",
  content: openAiChatContent,

  request(body): RequestFacts {
    const attributes = requestAttributes(body, REQUEST);
    const choices = field(body, "n");
    if (typeof choices === "number" && choices !== 1) attributes[names.ATTR_REQUEST_CHOICE_COUNT] = choices;
    const format = text(field(body, "response_format"), "type");
    if (format !== undefined) attributes[names.ATTR_OUTPUT_TYPE] = format === "text" ? "text" : "json";
    return { model: text(body, "model"), stream: field(body, "stream") === true, attributes };
  },

  // Without this option a stream of chat completions brings no usage at all.
  prepare(body) {
    const options = field(body, "stream_options");
    const asked = field(options, "include_usage") !== undefined;
    if (!ASKS_FOR_USAGE || field(body, "stream") !== true || asked || !isPlain(body)) {
      return { body, changed: false };
    }
    const stream_options = { ...(options as object | undefined), include_usage: true };
    return { body: { ...body, stream_options }, changed: true };
  },

  answer(call, answer) {
    const finishReasons = texts(list(answer, "choices"), "finish_reason");
    call.response({ id: text(answer, "id"), model: text(answer, "model"), finishReasons });
    takeUsage(call, answer);
  },

  streamReader(changed): StreamReader {
    const finishReasons: string[] = [];
    return {
      item(call, chunk) {
        call.response({ id: text(chunk, "id"), model: text(chunk, "model") });
        const choices = list(chunk, "choices");
        for (const choice of choices) {
          const reason = text(choice, "finish_reason");
          if (reason === undefined) continue;
          const index = field(choice, "index");
          finishReasons[typeof index === "number" && index >= 0 && index < 128 ? index : 0] = reason;
          call.response({ finishReasons: finishReasons.filter((known) => known !== undefined) });
        }
        takeUsage(call, chunk);
        if (!changed) return "keep";
        // The caller sees what it would have seen: no chunk that only brings usage, and no empty usage on the others.
        if (choices.length === 0 && field(chunk, "usage")) return "hide";
        if (field(chunk, "usage") === null) delete (chunk as { usage?: null }).usage;
        return "keep";
      },
    };
  },
};

function takeUsage(call: ModelCall, answer: unknown): void {
  const usage = readOpenAiChatUsage(field(answer, "usage"), oddUsage("openai"));
  if (usage !== undefined) call.usage(usage);
}
