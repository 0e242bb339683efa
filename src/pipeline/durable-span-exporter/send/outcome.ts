import type { Outcome } from "../delivery.ts";
import { errorText } from "./error-text.ts";
import type { Exchange } from "./exchange.ts";
import { readPartialSuccess } from "./partial-success.ts";
import { parseRetryAfter } from "./retry-after.ts";

type Answer = Extract<Exchange, { readonly kind: "answered" }>;

export interface AnswerContext {
  /** How many spans were sent. */
  readonly spans: number;
  readonly nowMs: number;
  readonly maxRetryAfterMs: number;
  /** Makes a text of the receiver fit to be told. */
  readonly clean: (text: string) => string;
}

// OTLP 1.11, "Retryable Response Codes". No other may be sent again.
const RETRYABLE = new Set([429, 502, 503, 504]);

/** What an answer means, as the OTLP specification 1.11 has it. */
export function outcomeOf(answer: Answer, about: AnswerContext): Outcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return success(answer, about);
  if (status >= 300 && status < 400) {
    const why = `HTTP ${status}: redirects are not followed, give the URL that it leads to`;
    return { kind: "rejected", reason: "rejected", why };
  }
  const why = whyOf(answer, about);
  if (RETRYABLE.has(status)) return { kind: "retry", why, ...retryAfter(answer, about) };
  if (status === 413) return { kind: "too_large", why };
  return { kind: "rejected", reason: "rejected", why };
}

/** The status has said that the spans are there. A body that is damaged, or that never ended, changes nothing in that. */
function success({ status, body }: Answer, { spans, clean }: AnswerContext): Outcome {
  if (body.state === "too_long") {
    // "The client MUST treat the response as a non-retryable error": nobody knows how many spans were taken.
    const why = `HTTP ${status}: the answer is larger than allowed and was discarded`;
    return { kind: "rejected", reason: "rejected", why };
  }
  if (body.state === "broken") return { kind: "delivered", rejectedSpans: 0 };
  const { rejectedSpans, message } = readPartialSuccess(body.bytes);
  const text = clean(message);
  return {
    kind: "delivered",
    rejectedSpans: clamp(rejectedSpans, spans),
    ...(text !== "" && { message: text }),
  };
}

function clamp(rejected: bigint, spans: number): number {
  return Math.min(Math.max(Number(rejected), 0), spans);
}

function whyOf({ status, body }: Answer, { clean }: AnswerContext): string {
  const text = errorText(body.bytes);
  return clean(text === "" ? `HTTP ${status}` : `HTTP ${status}: ${text}`);
}

function retryAfter({ headers }: Answer, about: AnswerContext): { readonly afterMs?: number } {
  const afterMs = parseRetryAfter(headers["retry-after"], about.nowMs, about.maxRetryAfterMs);
  return afterMs === undefined ? {} : { afterMs };
}
