import type { ModelCall } from "../../agent/model-call.ts";
import { readOpenAiResponsesUsage } from "../../cost/readers/openai-responses.ts";
import * as names from "../../telemetry/semconv.ts";
import type { Endpoint, RequestFacts, StreamReader } from "../endpoint.ts";
import { field, requestAttributes, requestTable, text } from "../fields.ts";
import { oddUsage } from "../odd-usage.ts";
import { openAiResponsesContent } from "./openai-responses-content.ts";

const REQUEST = requestTable([
  ["max_output_tokens", names.ATTR_REQUEST_MAX_TOKENS, "number"],
  ["temperature", names.ATTR_REQUEST_TEMPERATURE, "number"],
  ["top_p", names.ATTR_REQUEST_TOP_P, "number"],
  ["previous_response_id", names.ATTR_REQUEST_PREVIOUS_RESPONSE, "string"],
]);

/** `client.responses.create`. */
export const openAiResponses: Endpoint = {
  operation: "chat",
  content: openAiResponsesContent,

  request(body): RequestFacts {
    const attributes = requestAttributes(body, REQUEST);
    const effort = text(field(body, "reasoning"), "effort");
    if (effort !== undefined) attributes[names.ATTR_REQUEST_REASONING_LEVEL] = effort;
    const format = text(field(field(body, "text"), "format"), "type");
    if (format !== undefined) attributes[names.ATTR_OUTPUT_TYPE] = format === "text" ? "text" : "json";
    return { model: text(body, "model"), stream: field(body, "stream") === true, attributes };
  },

  answer: takeResponse,

  streamReader(): StreamReader {
    return {
      item(call, event) {
        const response = field(event, "response");
        if (response !== undefined) takeResponse(call, response);
        // An error of the whole stream. Clients below openai 7 hand it on as an item, and end.
        if (field(event, "type") === "error") call.fail(event);
        return "keep";
      },
    };
  },
};

function takeResponse(call: ModelCall, response: unknown): void {
  call.response({
    id: text(response, "id"),
    model: text(response, "model"),
    finishReasons: finishReasons(response),
  });
  const usage = readOpenAiResponsesUsage(field(response, "usage"), oddUsage("openai"));
  if (usage !== undefined) call.usage(usage);
  // Told with HTTP status 200, so no client throws.
  if (text(response, "status") === "failed") call.fail(field(response, "error"));
}

/** This protocol has a status instead of finish reasons, and names why a response is incomplete. */
function finishReasons(response: unknown): string[] {
  const status = text(response, "status");
  if (status === undefined || status === "in_progress" || status === "queued") return [];
  return [text(field(response, "incomplete_details"), "reason") ?? status];
}
