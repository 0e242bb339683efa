import type { CallOperation } from "../telemetry/call-record.ts";
import { OP_EXECUTE_TOOL } from "../telemetry/semconv.ts";

/** What kind of failure it was. `provider` is the side of the model, `budget` is money or tokens used up. */
export type ErrorClass =
  | "timeout"
  | "rate_limit"
  | "provider"
  | "tool"
  | "validation"
  | "cancelled"
  | "budget"
  | "unknown";

/** Codes of this package whose words do not say it, or say something else. */
const OWN: Readonly<Record<string, ErrorClass>> = {
  circuit_open: "provider",
  fallback_failed: "provider",
  queue_full: "rate_limit",
  queue_expired: "timeout",
  queue_closed: "cancelled",
  limit_exceeded: "budget",
  unpriced_model: "budget",
  no_eligible_model: "budget",
  token_budget_unknown_agent: "validation",
  quarantined_field: "validation",
  window_overflow: "validation",
  failure_mode: "validation",
  duplicate_task: "validation",
  workflow_changed: "validation",
  unknown_task: "validation",
  unknown_task_type: "validation",
  unknown_dead_letter: "validation",
};

/**
 * The first class with a phrase in the name counts, so that what is narrow stands before what is wide: `APIConnectionTimeoutError` is a
 * timeout. Words of the clients of OpenAI, Anthropic, Google, Cohere, Mistral, Amazon and the AI SDK, of gRPC, HTTP and Node.
 */
const PHRASES: readonly (readonly [ErrorClass, readonly string[]])[] = [
  ["timeout", ["timeout", "time out", "timed out", "etimedout", "esockettimedout", "deadline exceeded"]],
  ["budget", ["budget", "insufficient quota", "insufficient balance", "billing", "payment required"]],
  [
    "rate_limit",
    [
      "rate limit",
      "rate limited",
      "throttling",
      "throttled",
      "too many requests",
      "resource exhausted",
      "quota",
    ],
  ],
  [
    "cancelled",
    [
      "abort",
      "aborted",
      "cancel",
      "canceled",
      "cancelled",
      "ecanceled",
      "client closed request",
      "generator exit",
    ],
  ],
  ["tool", ["tool"]],
  // Before what is invalid: a key may be.
  [
    "provider",
    [
      "api key",
      "authentication",
      "unauthenticated",
      "unauthorized",
      "permission",
      "forbidden",
      "access denied",
    ],
  ],
  ["provider", ["invalid token", "credentials"]],
  [
    "validation",
    [
      "invalid",
      "validation",
      "bad request",
      "unprocessable",
      "not found",
      "too large",
      "context length",
      "context window",
    ],
  ],
  [
    "validation",
    ["finish reason", "no object", "no such", "failed precondition", "unsupported", "out of range"],
  ],
  [
    "validation",
    ["zod", "schema", "json", "parse", "parser", "parsing", "syntax", "range", "value", "bad cursor"],
  ],
  [
    "provider",
    [
      "econnrefused",
      "econnreset",
      "econnaborted",
      "enotfound",
      "eai",
      "epipe",
      "ehostunreach",
      "enetunreach",
    ],
  ],
  [
    "provider",
    ["enetdown", "eproto", "und err", "err tls", "err ssl", "err stream", "cert", "self signed", "socket"],
  ],
  [
    "provider",
    ["connection", "connect", "network", "fetch", "overloaded", "unavailable", "internal", "server"],
  ],
  ["provider", ["gateway", "api", "sdk", "http", "client", "response", "retry", "content filter", "model"]],
  ["provider", ["open ai", "openai", "anthropic", "cohere", "mistral", "generative"]],
];

const STATUS: Readonly<Record<string, ErrorClass>> = {
  401: "provider",
  402: "budget",
  403: "provider",
  408: "timeout",
  429: "rate_limit",
  499: "cancelled",
  504: "timeout",
};

/** An `error.type` may come from anywhere; the words that matter are not far inside. */
const MAX_READ = 256;

/**
 * @param errorType A value of `error.type`: a code of this package, the class of an error, an HTTP or gRPC status, a system error.
 * @param operation What failed. Of a tool, what would be the provider's is the tool's own, and so is what nobody knows.
 */
export function errorClass(errorType: string, operation: CallOperation): ErrorClass {
  const found = classOf(errorType.slice(0, MAX_READ));
  if (operation !== OP_EXECUTE_TOOL) return found;
  return found === "provider" || found === "unknown" ? "tool" : found;
}

function classOf(errorType: string): ErrorClass {
  if (Object.hasOwn(OWN, errorType)) return OWN[errorType]!;
  const words = ` ${wordsOf(errorType)} `;
  const status = / ([45]\d\d) /.exec(words)?.[1];
  if (status !== undefined) return STATUS[status] ?? (status < "500" ? "validation" : "provider");
  return (
    PHRASES.find(([, phrases]) => phrases.some((phrase) => words.includes(` ${phrase} `)))?.[0] ?? "unknown"
  );
}

/** `APIConnectionError`, `api_connection_error` and `api.ConnectionError` are the same words. */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .replace(/[^A-Za-z0-9]+/g, " ")
    .trim()
    .toLowerCase();
}
