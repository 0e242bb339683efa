import type { Exchange } from "./exchange.ts";
import type { ScriptedFailure } from "./scripted-answer.ts";
import type { Wire } from "./wire.ts";
import type { Vendor } from "./wire-format.ts";

/** Who is answered, and in whose manner. */
export interface Recipient {
  readonly vendor: Vendor;
  readonly exchange: Exchange;
}

export function requestIdOf(exchange: Exchange): string {
  return `req_${exchange.request.sequence}`;
}

export function sendJson(
  wire: Wire,
  to: Recipient,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendText(wire, status, JSON.stringify(body), jsonHeaders(to, headers));
}

export function jsonHeaders(
  { vendor, exchange }: Recipient,
  more: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    "content-type": "application/json",
    [vendor.requestIdHeader]: requestIdOf(exchange),
    ...more,
  };
}

/** In the provider's own error object, from which its client makes the typed error; or what the script has instead. */
export function sendFailure(
  wire: Wire,
  to: Recipient,
  failure: ScriptedFailure,
  headers: Readonly<Record<string, string>> = {},
): void {
  const all = { ...retryAfter(failure), ...headers };
  if (typeof failure.body === "string") {
    sendText(wire, failure.status, failure.body, { "content-type": "text/html", ...all });
  } else {
    const body = failure.body ?? to.vendor.errorBody(failure, requestIdOf(to.exchange));
    sendJson(wire, to, failure.status, body, all);
  }
}

export function sendText(
  wire: Wire,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  wire.head(status, { ...headers, "content-length": String(Buffer.byteLength(text)) });
  wire.end(text);
}

function retryAfter({ retryAfterMs }: ScriptedFailure): Record<string, string> {
  return retryAfterMs === undefined ? {} : { "retry-after": String(retryAfterMs / 1000) };
}
