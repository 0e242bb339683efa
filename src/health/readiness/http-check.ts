import { UnexpectedStatusError } from "../../errors/unexpected-status-error.ts";

/**
 * Asks an endpoint, follows no redirect, and reads nothing of the answer but its status.
 *
 * @returns `degraded` where it asks for fewer requests.
 * @throws UnexpectedStatusError; what `fetch` throws.
 */
export async function askedStatus(url: URL, init: RequestInit): Promise<"ok" | "degraded"> {
  const answer = await fetch(url, { ...init, redirect: "manual" });
  await answer.body?.cancel();
  if (answer.ok) return "ok";
  if (answer.status === 429) return "degraded";
  throw new UnexpectedStatusError(answer.status);
}

/** @throws TypeError that names the option, without the URL: keys stand in some. */
export function httpUrl(option: string, value: unknown): URL {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : value;
  if (url instanceof URL && /^https?:$/.test(url.protocol)) return url;
  throw new TypeError(`${option} must be an http:// or https:// URL`);
}
