import type { IncomingMessage } from "node:http";
import type { RequestFacts } from "./exchange.ts";
import type { RequestBody } from "./read-body.ts";
import { formatFor } from "./route.ts";

export function requestFacts(incoming: IncomingMessage, body: RequestBody): RequestFacts {
  const path = (incoming.url ?? "/").split("?", 1)[0] ?? "/";
  const headers = flatHeaders(incoming);
  const fields = body.kind === "json" && isRecord(body.value) ? body.value : {};
  const retries = Number(headers["x-stainless-retry-count"] ?? 0);
  return {
    attempt: Number.isSafeInteger(retries) ? retries + 1 : 1,
    method: incoming.method ?? "GET",
    path,
    headers,
    body: contentOf(body),
    protocol: formatFor(path)?.protocol,
    model: typeof fields["model"] === "string" ? fields["model"] : undefined,
    stream: fields["stream"] === true,
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function contentOf(body: RequestBody): unknown {
  if (body.kind === "json") return body.value;
  return body.kind === "not_json" ? body.text : undefined;
}

function flatHeaders(incoming: IncomingMessage): Record<string, string> {
  const entries = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  return Object.fromEntries(entries);
}
