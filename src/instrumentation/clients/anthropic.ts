import type { ClientInstrumentation, PatchTarget } from "../endpoint.ts";
import { field } from "../fields.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { classTargets, instanceTargets, type Resources } from "./stainless.ts";

const RESOURCES: Resources = [
  ["messages", anthropicMessages],
  ["beta.messages", anthropicMessages],
];

/** The `@anthropic-ai/sdk` package. */
export const anthropic: ClientInstrumentation = {
  packageName: "@anthropic-ai/sdk",

  targets(exports): readonly PatchTarget[] {
    return classTargets(field(exports, "Anthropic") ?? field(exports, "default"), RESOURCES);
  },

  instanceTargets(client): readonly PatchTarget[] {
    return field(client, "messages") === undefined ? [] : instanceTargets(client, RESOURCES);
  },

  provider: () => "anthropic",

  // Set by the client's constructor when its own tracing is on; it makes a span of each call then.
  tracesItself: (client) => field(client, "_tracer") !== undefined,
};
