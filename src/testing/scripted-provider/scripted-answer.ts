import type { TokenUsage } from "../../cost/token-usage.ts";

/**
 * What the provider shall answer, in words of no provider. An empty object answers "ok".
 *
 * A chunk is one piece of thinking, text or tool arguments as it is streamed. It is what `chunks` cuts and what
 * `chunkDelayMs`, `stallAfterChunks`, `breakAfterChunks` and `fail.afterChunks` count; the events around them are not counted.
 * An answer has one fault at most.
 */
export interface ScriptedAnswer {
  /** @default "ok", or no text at all where the answer calls tools. */
  readonly text?: string;
  /** Several are called in parallel. */
  readonly toolCalls?: readonly ScriptedToolCall[];
  /**
   * Reasoning before the answer: an Anthropic thinking block, the summary of a Responses reasoning item. Chat completions
   * show none, there it only counts as reasoning tokens.
   */
  readonly thinking?: string;
  /** Embeddings only: one vector per input. @default unit vectors made from the texts, the same on every run */
  readonly embeddings?: readonly (readonly number[])[];
  /**
   * Billed tokens, with each part inside its whole whatever the provider's own way of counting: `input` has the cached
   * tokens in it for Anthropic too. `input` and `output` that are left out are counted from the texts (see countTokens);
   * other parts that are left out are sent as the provider sends nothing to report: 0, `null` or no field.
   * `null` sends no usage, as some gateways do; the Anthropic client's `messages.stream()` cannot read such a stream.
   */
  readonly usage?: Partial<TokenUsage> | null;
  /** Laid over the provider's own usage object as it is: what gateways add (`{ cost: 0.0012 }`), what compatible servers rename. */
  readonly wireUsage?: Readonly<Record<string, unknown>>;
  readonly finish?: ScriptedFinish;
  /** The model that says it answered. @default the model that was asked for */
  readonly model?: string;
  /** @default made from the number of the request, as in `chatcmpl-0` */
  readonly id?: string;
  readonly rateLimit?: ScriptedRateLimit;
  /** More response headers. They win over ours. */
  readonly headers?: Readonly<Record<string, string>>;

  /**
   * How many pieces to stream, of nearly one size; or the very pieces of the text, which then are the text.
   * @default pieces of 16 characters
   */
  readonly chunks?: number | readonly string[];
  /** Wait before the response begins, in milliseconds. @default 0 */
  readonly delayMs?: number;
  /** Wait before each streamed chunk but the first, in milliseconds. @default 0 */
  readonly chunkDelayMs?: number;

  /** Answers with the provider's error instead. */
  readonly fail?: ScriptedFailure;
  /** Reads the request and never answers. */
  readonly stall?: true;
  /** Streams so many chunks and falls silent; an answer that is not streamed falls silent halfway through its body. */
  readonly stallAfterChunks?: number;
  /** Streams so many chunks and half an event, then cuts the connection; without a stream, halfway through the body. */
  readonly breakAfterChunks?: number;
  /** Answers 200 with JSON that breaks off: half of the body; when streamed, half of the first event that carries a chunk. */
  readonly malformed?: true;
}

export interface ScriptedToolCall {
  /** @default made from the numbers of the request and of the call, as in `call_0_0` */
  readonly id?: string;
  readonly name: string;
  /** A string is sent as it is, so that arguments can be broken JSON. Anything else is sent as JSON. */
  readonly arguments: unknown;
  /** A tool that the request does not offer: where it does, the script is at fault and says so. @default may be any tool */
  readonly offered?: false;
}

/**
 * Why the model stopped. These four become the provider's own words; any other string is sent as it is where the protocol
 * has a place for it. @default "tool_calls" when tools are called, else "stop"
 */
export type ScriptedFinish = "stop" | "length" | "tool_calls" | "content_filter" | (string & {});

export interface ScriptedFailure {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** The provider's error type. @default what the provider uses for this status */
  readonly type?: string;
  /** OpenAI only. @default what OpenAI uses for this status */
  readonly code?: string;
  readonly message?: string;
  /** Sent instead of the provider's error object; a string is sent as text, as a proxy's error page is. */
  readonly body?: unknown;
  /**
   * Sent as `retry-after`, in milliseconds (the header carries seconds, with a fraction where needed, which both clients
   * read). The Anthropic client takes 0 for "not said" and backs off by itself; 1 makes both retry at once.
   */
  readonly retryAfterMs?: number;
  /** When streamed: fail so many chunks into a stream that began with 200. `status` then only picks type and code. */
  readonly afterChunks?: number;
}

/** The state of the rate limit, sent in the provider's own headers. */
export interface ScriptedRateLimit {
  readonly requests?: ScriptedQuota;
  readonly tokens?: ScriptedQuota;
}

export interface ScriptedQuota {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the quota is full again. */
  readonly resetMs: number;
}
