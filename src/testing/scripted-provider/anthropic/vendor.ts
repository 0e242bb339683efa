import type { ModelInfo } from "@anthropic-ai/sdk/resources/models";
import type { ScriptedFailure, ScriptedQuota, ScriptedRateLimit } from "../scripted-answer.ts";
import type { Vendor } from "../wire-format.ts";

const ERROR_TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

export const anthropicVendor: Vendor = {
  requestIdHeader: "request-id",
  toolCallPrefix: "toolu_",
  errorBody: anthropicError,
  rateLimitHeaders: (limit, nowMs) => ({
    ...quotaHeaders("requests", limit.requests, nowMs),
    ...quotaHeaders("tokens", limit.tokens, nowMs),
  }),
  models: (ids, nowMs) => ({
    data: ids.map((id) => model(id, nowMs)),
    has_more: false,
    first_id: ids[0] ?? null,
    last_id: ids.at(-1) ?? null,
  }),
};

export function anthropicError(failure: ScriptedFailure, requestId: string) {
  const byStatus =
    ERROR_TYPES[failure.status] ?? (failure.status < 500 ? "invalid_request_error" : "api_error");
  const message = failure.message ?? `Scripted failure (${failure.status}).`;
  return { type: "error", error: { type: failure.type ?? byStatus, message }, request_id: requestId };
}

function model(id: string, nowMs: number): object {
  return {
    type: "model",
    id,
    display_name: id,
    created_at: new Date(nowMs).toISOString(),
    capabilities: null,
    deprecated_at: null,
    lifecycle: "active",
    line: null,
    max_input_tokens: null,
    max_tokens: null,
    retires_at: null,
  } satisfies ModelInfo;
}

function quotaHeaders(
  of: keyof ScriptedRateLimit,
  quota: ScriptedQuota | undefined,
  nowMs: number,
): Record<string, string> {
  if (quota === undefined) return {};
  return {
    [`anthropic-ratelimit-${of}-limit`]: String(quota.limit),
    [`anthropic-ratelimit-${of}-remaining`]: String(quota.remaining),
    [`anthropic-ratelimit-${of}-reset`]: new Date(nowMs + quota.resetMs).toISOString(),
  };
}
