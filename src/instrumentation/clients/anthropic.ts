import type { ClientInstrumentation, PatchTarget } from "../endpoint.ts";
import { field } from "../fields.ts";
import { anthropicMessages } from "./anthropic-messages.ts";

/** The `@anthropic-ai/sdk` package. */
export const anthropic: ClientInstrumentation = {
  packageName: "@anthropic-ai/sdk",

  targets(exports): readonly PatchTarget[] {
    const client = field(exports, "Anthropic") ?? field(exports, "default");
    const resources = [field(client, "Messages"), field(field(client, "Beta"), "Messages")];
    return resources.flatMap((resource) => {
      const prototype = field(resource, "prototype");
      if (typeof field(prototype, "create") !== "function") return [];
      return [{ prototype: prototype as object, method: "create", endpoint: anthropicMessages }];
    });
  },

  provider: () => "anthropic",

  // Set by the client's constructor when its own tracing is on; it makes a span of each call then.
  tracesItself: (client) => field(client, "_tracer") !== undefined,
};
