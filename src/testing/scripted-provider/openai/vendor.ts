import type { Model } from "openai/resources/models";
import type { ScriptedFailure, ScriptedQuota, ScriptedRateLimit } from "../scripted-answer.ts";
import type { Vendor } from "../wire-format.ts";

/** OpenAI's type and code by status; every other status below 500 is an `invalid_request_error` without a code. */
const ERRORS: Readonly<Record<number, { readonly type: string; readonly code: string | null }>> = {
  401: { type: "invalid_request_error", code: "invalid_api_key" },
  404: { type: "invalid_request_error", code: "not_found" },
  429: { type: "requests", code: "rate_limit_exceeded" },
  503: { type: "service_unavailable_error", code: null },
};

export const openaiVendor: Vendor = {
  requestIdHeader: "x-request-id",
  toolCallPrefix: "call_",
  errorBody: (failure) => ({ error: openaiError(failure) }),
  rateLimitHeaders: (limit) => ({
    ...quotaHeaders("requests", limit.requests),
    ...quotaHeaders("tokens", limit.tokens),
  }),
  models: (ids, nowMs) => ({ object: "list", data: ids.map((id) => model(id, nowMs)) }),
};

export function openaiError(failure: ScriptedFailure) {
  const known = ERRORS[failure.status] ?? {
    type: failure.status < 500 ? "invalid_request_error" : "server_error",
    code: null,
  };
  return {
    message: failure.message ?? `Scripted failure (${failure.status}).`,
    type: failure.type ?? known.type,
    param: null,
    code: failure.code ?? known.code,
  };
}

function model(id: string, nowMs: number): object {
  return { id, object: "model", created: Math.floor(nowMs / 1000), owned_by: "system" } satisfies Model;
}

function quotaHeaders(of: keyof ScriptedRateLimit, quota: ScriptedQuota | undefined): Record<string, string> {
  if (quota === undefined) return {};
  return {
    [`x-ratelimit-limit-${of}`]: String(quota.limit),
    [`x-ratelimit-remaining-${of}`]: String(quota.remaining),
    [`x-ratelimit-reset-${of}`]: goDuration(quota.resetMs),
  };
}

/** OpenAI writes waiting times as Go does: `120ms`, `6m0s`. */
function goDuration(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = `${(ms - minutes * 60_000) / 1000}s`;
  return minutes === 0 ? seconds : `${minutes}m${seconds}`;
}
