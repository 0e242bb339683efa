import { STATUS_CODES } from "node:http";
import { SAFE_HEADERS } from "./problem/answers.ts";

/** A problem of no kind of its own, as RFC 9457 has it, with the headers of every answer. @param detail What the asker may see. */
export function problemResponse(
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = { type: "about:blank", title: STATUS_CODES[status] ?? "Problem", status, detail };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...SAFE_HEADERS, ...headers, "Content-Type": "application/problem+json" },
  });
}
