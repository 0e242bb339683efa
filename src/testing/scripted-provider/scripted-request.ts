/** The endpoints that are scripted. */
export type ScriptedProtocol =
  | "openai.chat"
  | "openai.responses"
  | "openai.embeddings"
  | "anthropic.messages";

/** What became of a request: answered to the end, given up by the client, or cut by the script or by `close()`. */
export type RequestOutcome = "answered" | "aborted" | "broken";

/** A request as the server saw it, listed once its body has arrived. */
export interface ReceivedRequest {
  /** Counts all requests from 0; also the index in `requests`. */
  readonly sequence: number;
  /** 1 for the first try, 2 for the client's first retry (from its `x-stainless-retry-count`). */
  readonly attempt: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, the raw text where it is not JSON, `undefined` where there was none or it was too large. */
  readonly body: unknown;
  /** `undefined` for the list of models and for unknown paths. */
  readonly protocol: ScriptedProtocol | undefined;
  readonly model: string | undefined;
  /** Whether a stream was asked for. */
  readonly stream: boolean;
  /** Whether the client closed the connection before it had the whole answer. False while the answer is under way. */
  readonly aborted: boolean;
  /** Settles when the exchange is over. Never rejects. */
  readonly outcome: Promise<RequestOutcome>;
}

/** A request that the script is asked to answer. */
export interface ScriptedRequest extends ReceivedRequest {
  readonly protocol: ScriptedProtocol;
  readonly model: string;
  readonly body: Readonly<Record<string, unknown>>;
}
