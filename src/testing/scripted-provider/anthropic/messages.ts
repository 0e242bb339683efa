import { frame } from "../sse-frame.ts";
import type { WireFormat } from "../wire-format.ts";
import { finalMessage } from "./message-object.ts";
import { messagesStream } from "./messages-stream.ts";
import { anthropicError, anthropicVendor } from "./vendor.ts";

/** `POST /v1/messages` */
export const anthropicMessages: WireFormat = {
  protocol: "anthropic.messages",
  path: "/v1/messages",
  vendor: anthropicVendor,
  idPrefix: "msg_",
  plain: finalMessage,
  stream: messagesStream,
  errorFrame: (failure, requestId) => frame(anthropicError(failure, requestId), "error"),
};
