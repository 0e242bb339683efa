import { anthropicMessages } from "./anthropic/messages.ts";
import { anthropicVendor } from "./anthropic/vendor.ts";
import { openaiChat } from "./openai/chat.ts";
import { openaiEmbeddings } from "./openai/embeddings.ts";
import { openaiResponses } from "./openai/responses.ts";
import { openaiVendor } from "./openai/vendor.ts";
import type { Vendor, WireFormat } from "./wire-format.ts";

const FORMATS: readonly WireFormat[] = [openaiChat, openaiResponses, openaiEmbeddings, anthropicMessages];

/** The one path that both providers have. */
export const MODELS_PATH = "/v1/models";

export function formatFor(path: string): WireFormat | undefined {
  return FORMATS.find((format) => format.path === path);
}

/** The method a path answers to, or `undefined` for a path that does not exist. */
export function methodFor(path: string): "GET" | "POST" | undefined {
  if (path === MODELS_PATH) return "GET";
  return formatFor(path) && "POST";
}

/** Whose client is asking: Anthropic's sends its version with every request. */
export function vendorOf(path: string, headers: Readonly<Record<string, string>>): Vendor {
  const known = formatFor(path)?.vendor;
  return known ?? ("anthropic-version" in headers ? anthropicVendor : openaiVendor);
}
