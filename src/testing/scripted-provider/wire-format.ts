import type { Reply } from "./reply.ts";
import type { ScriptedFailure, ScriptedRateLimit } from "./scripted-answer.ts";
import type { ScriptedProtocol } from "./scripted-request.ts";
import type { SseFrame } from "./sse-frame.ts";

/** What all endpoints of one provider have in common. */
export interface Vendor {
  readonly requestIdHeader: string;
  readonly toolCallPrefix: string;
  errorBody(failure: ScriptedFailure, requestId: string): object;
  rateLimitHeaders(limit: ScriptedRateLimit, nowMs: number): Readonly<Record<string, string>>;
  models(ids: readonly string[], nowMs: number): object;
}

/** One endpoint: how a reply looks on its wire. A new endpoint is a new file with one of these. */
export interface WireFormat {
  readonly protocol: ScriptedProtocol;
  readonly path: string;
  readonly vendor: Vendor;
  readonly idPrefix: string;
  plain(reply: Reply): object;
  /** Left out where the endpoint does not stream. */
  stream?(reply: Reply): Iterable<SseFrame>;
  /** An error inside a stream that has begun. */
  errorFrame?(failure: ScriptedFailure, requestId: string): SseFrame;
}
