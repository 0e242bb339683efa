import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ErrorClass, errorClass } from "../../src/health/error-class.ts";
import { ERROR_CLASSES } from "../../src/server/api/usage.ts";

const MODEL: Readonly<Record<ErrorClass, readonly string[]>> = {
  timeout: [
    "timeout",
    "lock_timeout",
    "queue_expired",
    "TimeoutError",
    "APIConnectionTimeoutError",
    "APITimeoutError",
    "CohereTimeoutError",
    "RequestTimeoutError",
    "ModelTimeoutException",
    "timeout_error",
    "DEADLINE_EXCEEDED",
    "DeadlineExceeded",
    "GatewayTimeoutError",
    "java.net.SocketTimeoutException",
    "ETIMEDOUT",
    "ESOCKETTIMEDOUT",
    "UND_ERR_HEADERS_TIMEOUT",
    "HeadersTimeoutError",
    "408",
    "504",
    "HTTP 504",
  ],
  rate_limit: [
    "rate_limited",
    "queue_full",
    "RateLimitError",
    "openai.RateLimitError",
    "rate_limit_error",
    "rate_limit_exceeded",
    "TooManyRequestsError",
    "ThrottlingException",
    "ServiceQuotaExceededException",
    "RESOURCE_EXHAUSTED",
    "ResourceExhausted",
    "429",
    "429 Too Many Requests",
  ],
  provider: [
    "circuit_open",
    "fallback_failed",
    "APIError",
    "ApiError",
    "APIConnectionError",
    "InternalServerError",
    "ServiceUnavailableError",
    "OverloadedError",
    "overloaded_error",
    "api_error",
    "AuthenticationError",
    "PermissionDeniedError",
    "UnauthorizedError",
    "invalid_api_key",
    "InvalidTokenError",
    "ForbiddenError",
    "AccessDeniedException",
    "CohereError",
    "MistralError",
    "SDKError",
    "ConnectionError",
    "HTTPClientError",
    "GoogleGenerativeAIError",
    "GoogleGenerativeAIFetchError",
    "ModelErrorException",
    "AI_APICallError",
    "AI_RetryError",
    "ResponseError",
    "UNAVAILABLE",
    "INTERNAL",
    "ECONNREFUSED",
    "ECONNRESET",
    "ENOTFOUND",
    "EAI_AGAIN",
    "UND_ERR_SOCKET",
    "SocketError",
    "CERT_HAS_EXPIRED",
    "401",
    "500",
    "503",
    "529",
  ],
  tool: ["AI_NoSuchToolError", "ToolException", "AI_ToolExecutionError"],
  validation: [
    "unknown_task",
    "window_overflow",
    "quarantined_field",
    "BadRequestError",
    "invalid_request_error",
    "InvalidRequestError",
    "UnprocessableEntityError",
    "NotFoundError",
    "not_found_error",
    "request_too_large",
    "context_length_exceeded",
    "LengthFinishReasonError",
    "HTTPValidationError",
    "SDKValidationError",
    "ResponseValidationError",
    "ValidationException",
    "INVALID_ARGUMENT",
    "ZodError",
    "AI_NoObjectGeneratedError",
    "AI_TypeValidationError",
    "AI_JSONParseError",
    "OutputParserException",
    "SyntaxError",
    "RangeError",
    "ValueError",
    "400",
    "404",
    "422",
  ],
  cancelled: [
    "workflow_cancelled",
    "queue_closed",
    "AbortError",
    "APIUserAbortError",
    "RequestAbortedError",
    "GoogleGenerativeAIAbortError",
    "CancelledError",
    "CanceledError",
    "CANCELLED",
    "ABORT_ERR",
    "ERR_CANCELED",
    "UND_ERR_ABORTED",
    "ClientClosedRequestError",
    "499",
  ],
  budget: [
    "budget_exceeded",
    "token_budget_exhausted",
    "limit_exceeded",
    "unpriced_model",
    "insufficient_quota",
    "billing_error",
    "402",
  ],
  unknown: [
    "_OTHER",
    "Error",
    "TypeError",
    "checkpoint_damaged",
    "state_conflict",
    "escalated",
    "",
    "constructor",
  ],
};

describe("errorClass", () => {
  it.each(Object.entries(MODEL))("knows what is of the class %s", (expected, types) => {
    expect(types.map((type) => [type, errorClass(type, "chat")])).toEqual(
      types.map((type) => [type, expected]),
    );
  });

  it("counts what would be the provider's as the tool's own where a tool failed", () => {
    expect(
      ["ECONNREFUSED", "503", "_OTHER", "TypeError"].map((type) => errorClass(type, "execute_tool")),
    ).toEqual(Array(4).fill("tool"));
  });

  it("leaves a tool's timeout, limit and cancellation what they are", () => {
    expect(["TimeoutError", "429", "AbortError"].map((type) => errorClass(type, "execute_tool"))).toEqual([
      "timeout",
      "rate_limit",
      "cancelled",
    ]);
  });

  it("has a class of the list that is served, whatever the text is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (type) => {
        expect(ERROR_CLASSES).toContain(errorClass(type, "chat"));
      }),
      { numRuns: 2_000 },
    );
  });

  it("has a known class for each code of this package", () => {
    const folder = new URL("../../src/errors/", import.meta.url);
    const codes = readdirSync(folder).flatMap((file) =>
      [...readFileSync(new URL(file, folder), "utf8").matchAll(/code = "(\w+)"/g)].map((match) => match[1]!),
    );
    // What is of stores, ledgers, files and people is of none of these classes.
    const others =
      /^(?:checkpoint|dead_letter|inside_address|unexpected_status|escalated|ledger|lock|not_reachable|not_recorded|port|price|recording|state|store|workflow)/;
    const unknown = codes.filter((code) => errorClass(code, "invoke_agent") === "unknown");
    expect(unknown.filter((code) => !others.test(code))).toEqual([]);
  });
});
