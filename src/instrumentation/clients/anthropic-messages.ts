import type { ModelCall } from "../../agent/model-call.ts";
import { readAnthropicUsage } from "../../cost/readers/anthropic.ts";
import * as names from "../../telemetry/semconv.ts";
import type { Endpoint, RequestFacts, StreamReader } from "../endpoint.ts";
import { field, requestAttributes, requestTable, text } from "../fields.ts";
import { oddUsage } from "../odd-usage.ts";
import { anthropicMessagesContent } from "./anthropic-messages-content.ts";

const REQUEST = requestTable([
  ["max_tokens", names.ATTR_REQUEST_MAX_TOKENS, "number"],
  ["temperature", names.ATTR_REQUEST_TEMPERATURE, "number"],
  ["top_p", names.ATTR_REQUEST_TOP_P, "number"],
  ["top_k", names.ATTR_REQUEST_TOP_K, "number"],
  ["stop_sequences", names.ATTR_REQUEST_STOP_SEQUENCES, "strings"],
]);

/** `client.messages.create` and `client.beta.messages.create`. */
export const anthropicMessages: Endpoint = {
  operation: "chat",
  content: anthropicMessagesContent,

  request(body): RequestFacts {
    const attributes = requestAttributes(body, REQUEST);
    return { model: text(body, "model"), stream: field(body, "stream") === true, attributes };
  },

  answer(call, message) {
    takeMessage(call, message);
    takeUsage(call, field(message, "usage"));
  },

  streamReader(): StreamReader {
    let usage: Record<string, unknown> = {};
    // message_start has the input and the cache, message_delta the running output, and newer ones all of it again.
    const merge = (call: ModelCall, update: unknown): void => {
      if (typeof update !== "object" || update === null) return;
      const said = Object.entries(update).filter(([, value]) => value !== null && value !== undefined);
      usage = { ...usage, ...Object.fromEntries(said) };
      takeUsage(call, usage);
    };
    return {
      item(call, event) {
        switch (field(event, "type")) {
          case "message_start": {
            const message = field(event, "message");
            takeMessage(call, message);
            merge(call, field(message, "usage"));
            break;
          }
          case "message_delta": {
            const reason = text(field(event, "delta"), "stop_reason");
            if (reason !== undefined) call.response({ finishReasons: [reason] });
            merge(call, field(event, "usage"));
            break;
          }
        }
        return "keep";
      },
    };
  },
};

function takeMessage(call: ModelCall, message: unknown): void {
  const reason = text(message, "stop_reason");
  call.response({
    id: text(message, "id"),
    model: text(message, "model"),
    finishReasons: reason === undefined ? [] : [reason],
  });
}

function takeUsage(call: ModelCall, raw: unknown): void {
  const usage = readAnthropicUsage(raw, oddUsage("anthropic"));
  if (usage !== undefined) call.usage(usage);
}
