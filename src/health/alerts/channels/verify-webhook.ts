import { checkWhole } from "../../../internal/check-number.ts";
import {
  HEADER_ID,
  HEADER_SIGNATURE,
  HEADER_TIMESTAMP,
  isSignedWith,
  webhookKey,
  webhookSignature,
} from "./webhook-signature.ts";

export interface WebhookRequest {
  /** As of a `Request`, or of Node's `IncomingMessage`. */
  readonly headers:
    | { get(name: string): string | null }
    | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As it came, byte for byte: JSON that was parsed and written again is another text. */
  readonly body: string;
}

export interface VerifyWebhookOptions {
  readonly secret: string;
  /** How old a message may be, and how far ahead a clock, milliseconds. @default 300_000 */
  readonly toleranceMs?: number;
  /** @default now, milliseconds since the epoch */
  readonly nowMs?: number;
}

/**
 * Whether a message comes from a `webhookChannel` with this secret, and was made just now. What is sent again within the tolerance has the same
 * `webhook-id`: remember those for as long, and a message that somebody has caught does nothing twice.
 *
 * @example
 * ```ts
 * app.post("/alerts", async ({ req }) => {
 *   const body = await req.text();
 *   if (!verifyWebhook({ headers: req.raw.headers, body }, { secret })) return new Response(null, { status: 401 });
 *   const { type, data } = JSON.parse(body);
 *   return new Response(null, { status: 204 });
 * });
 * ```
 * @throws TypeError or RangeError on a bad option, and never on a bad message.
 */
export function verifyWebhook(
  { headers, body }: WebhookRequest,
  { secret, toleranceMs = 300_000, nowMs = Date.now() }: VerifyWebhookOptions,
): boolean {
  const key = webhookKey("verifyWebhook: secret", secret);
  checkWhole("verifyWebhook: toleranceMs", toleranceMs, 0);
  const id = header(headers, HEADER_ID);
  const timestamp = header(headers, HEADER_TIMESTAMP);
  const signatures = header(headers, HEADER_SIGNATURE);
  if (id === "" || !/^\d{1,12}$/.test(timestamp) || typeof body !== "string") return false;
  if (Math.abs(nowMs - Number(timestamp) * 1_000) > toleranceMs) return false;
  return isSignedWith(webhookSignature(key, id, timestamp, body), signatures);
}

function header(headers: WebhookRequest["headers"], name: string): string {
  const value = isHeaders(headers) ? headers.get(name) : headers[name];
  return typeof value === "string" ? value : "";
}

function isHeaders(headers: WebhookRequest["headers"]): headers is { get(name: string): string | null } {
  return typeof headers.get === "function";
}
