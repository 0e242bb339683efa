import type { WireFormat } from "../wire-format.ts";
import { finalResponse } from "./response-object.ts";
import { responseErrorFrame, responsesStream } from "./responses-stream.ts";
import { openaiVendor } from "./vendor.ts";

/** `POST /v1/responses` */
export const openaiResponses: WireFormat = {
  protocol: "openai.responses",
  path: "/v1/responses",
  vendor: openaiVendor,
  idPrefix: "resp_",
  plain: finalResponse,
  stream: responsesStream,
  errorFrame: responseErrorFrame,
};
