import type { OutgoingHttpHeaders } from "node:http";
import { VERSION } from "../../../internal/version.ts";
import type { Frame } from "../frame-queue.ts";

export type HeaderValues = Readonly<Record<string, string>>;

// Of body and connection nobody but the sender knows anything.
const OURS = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** @param own The user's; they may name another `User-Agent`. */
export function requestHeaders(frame: Frame, own: HeaderValues): OutgoingHttpHeaders {
  const allowed = Object.entries(own).filter(([name]) => !OURS.has(name.toLowerCase()));
  return {
    "user-agent": `agent-otel/${VERSION}`,
    ...Object.fromEntries(allowed.map(([name, value]) => [name.toLowerCase(), value])),
    "content-type": "application/x-protobuf",
    "content-length": frame.body.byteLength,
    ...(frame.gzip && { "content-encoding": "gzip" }),
    // Answers are a few bytes. Some servers compress them all the same.
    "accept-encoding": "identity",
  };
}
