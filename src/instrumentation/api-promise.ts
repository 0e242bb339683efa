export type Step = (this: unknown, ...args: unknown[]) => unknown;

/** What the promise of a Stainless-made client (openai, Anthropic) has beside `then`. */
export interface ApiPromise extends PromiseLike<unknown> {
  responsePromise: Promise<unknown>;
  /** Each promise's own, not its class's. */
  parseResponse: Step;
  /** Set when somebody has asked for the answer. */
  readonly parsedPromise?: Promise<unknown>;
  asResponse?: Step;
  _thenUnwrap?: Step;
  _responseProps?: Step;
}

export function isApiPromise(value: unknown): value is ApiPromise {
  if (typeof value !== "object" || value === null) return false;
  const { responsePromise, parseResponse } = value as Partial<ApiPromise>;
  return responsePromise instanceof Promise && typeof parseResponse === "function";
}
