import { readBedrockUsage } from "../../cost/readers/bedrock.ts";
import * as names from "../../telemetry/semconv.ts";
import type { ClientInstrumentation, Endpoint, PatchTarget, RequestFacts } from "../endpoint.ts";
import { field, requestAttributes, requestTable, text } from "../fields.ts";
import { oddUsage } from "../odd-usage.ts";
import { bedrockInvoke } from "./bedrock-invoke.ts";
import { bedrockModel } from "./bedrock-model.ts";
import { bedrockUrl } from "./bedrock-server.ts";

/** Of `inferenceConfig`. */
const REQUEST = requestTable([
  ["maxTokens", names.ATTR_REQUEST_MAX_TOKENS, "number"],
  ["temperature", names.ATTR_REQUEST_TEMPERATURE, "number"],
  ["topP", names.ATTR_REQUEST_TOP_P, "number"],
  ["stopSequences", names.ATTR_REQUEST_STOP_SEQUENCES, "strings"],
]);

/** The `@aws-sdk/client-bedrock-runtime` package. */
export const bedrock: ClientInstrumentation = {
  packageName: "@aws-sdk/client-bedrock-runtime",

  // Every operation passes here, those of the aggregated `BedrockRuntime` as well. `send` is inherited from a class that all
  // clients of AWS share, which stays as it is.
  targets(exports): readonly PatchTarget[] {
    const prototype = field(field(exports, "BedrockRuntimeClient"), "prototype");
    if (typeof field(prototype, "send") !== "function") return [];
    return [{ prototype: prototype as object, method: "send", endpoint: endpointOf, callback: true }];
  },

  provider: () => "aws.bedrock",

  baseUrl: bedrockUrl,
};

/** By the name of the command's class, since the program may have it from another copy of the package. */
function endpointOf(command: unknown): Endpoint | undefined {
  switch (text(field(command, "constructor"), "name")) {
    case "ConverseCommand":
      return converse(false);
    case "ConverseStreamCommand":
      return converse(true);
    case "InvokeModelCommand":
      return bedrockInvoke(command, false);
    case "InvokeModelWithResponseStreamCommand":
      return bedrockInvoke(command, true);
    default:
      return undefined;
  }
}

function converse(stream: boolean): Endpoint {
  return {
    operation: "chat",

    request(command): RequestFacts {
      const input = field(command, "input");
      const attributes = requestAttributes(field(input, "inferenceConfig"), REQUEST);
      return { model: bedrockModel(input), stream, attributes };
    },

    answer(call, answer) {
      const reason = text(answer, "stopReason");
      if (reason !== undefined) call.response({ finishReasons: [reason] });
      const usage = readBedrockUsage(field(answer, "usage"), oddUsage("bedrock"));
      if (usage !== undefined) call.usage(usage);
    },

    ...(stream ? { streamField: "stream" } : {}),

    streamReader() {
      let stopped = false;
      return {
        item(call, event) {
          const reason = text(field(event, "messageStop"), "stopReason");
          if (reason !== undefined) call.response({ finishReasons: [reason] });
          stopped ||= reason !== undefined;
          const usage = readBedrockUsage(field(field(event, "metadata"), "usage"), oddUsage("bedrock"));
          if (usage !== undefined) call.usage(usage);
          return "keep";
        },
        // The client ends a stream that was aborted, or lost its connection, as if it had come to its end.
        end(call) {
          if (!stopped) call.response({ finishReasons: ["error"] });
        },
      };
    },
  };
}
