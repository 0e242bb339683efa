import type { Problem } from "../api/common.ts";
import { PROBLEM_KINDS } from "./problem-kind.ts";
import type { Refusal } from "./refusal.ts";

/** On every answer: it is data for who asked, now, and never a page. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

export function jsonAnswer(value: unknown): Response {
  return jsonTextAnswer(JSON.stringify(value, writable));
}

/** @param text JSON. */
export function jsonTextAnswer(text: string): Response {
  return new Response(text, {
    headers: { ...SAFE_HEADERS, "Content-Type": "application/json; charset=utf-8" },
  });
}

/** As RFC 9457 has it. */
export function problemAnswer({ kind, message, facts }: Refusal): Response {
  const { status, title } = PROBLEM_KINDS[kind];
  const { parameter, command, headers } = facts;
  const body: Problem = {
    type: `urn:agent-otel:problem:${kind}`,
    title,
    status,
    detail: message,
    ...(parameter !== undefined && { parameter }),
    ...(command !== undefined && { command }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...SAFE_HEADERS, ...headers, "Content-Type": "application/problem+json" },
  });
}

/** Attributes of others may hold numbers that JSON has no form for. */
function writable(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
