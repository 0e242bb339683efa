/** One server-sent event of a recorded stream. */
export interface RecordedEvent {
  readonly event?: string;
  readonly id?: string;
  /** Parsed where it is JSON, else the text, as in `[DONE]`. */
  readonly data: unknown;
}

/** What the provider was asked, cleaned. */
export interface RecordedRequest {
  readonly method: string;
  /** With the query, in order of its names. */
  readonly path: string;
  readonly model?: string;
  /** Left out where there was none. */
  readonly body?: unknown;
}

/** What it answered, cleaned. Exactly one of `body`, `events`, `text` and `base64` is there. */
export interface RecordedAnswer {
  readonly status: number;
  /** Those of {@link KEPT_HEADERS} that came. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly events?: readonly RecordedEvent[];
  readonly text?: string;
  /** What is no text, as speech. */
  readonly base64?: string;
}

/** A request and its answers, in the order in which they were given. */
export interface RecordedExchange {
  readonly request: RecordedRequest;
  readonly answers: readonly RecordedAnswer[];
}

/** Every other header may tell who asked: cookies, organisation, request ids, limits of the account. */
export const KEPT_HEADERS: readonly string[] = ["content-type"];
