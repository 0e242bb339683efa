import { validateHeaderName, validateHeaderValue } from "node:http";
import { checkWhole } from "../../../internal/check-number.ts";
import { type Clock, systemClock } from "../../../internal/clock.ts";
import { hideSecrets } from "../../environment/otlp-endpoint.ts";
import { LONGEST_TIMER_MS } from "../../environment/variables.ts";
import type { HeaderValues } from "./request-headers.ts";

const MIB = 1_024 * 1_024;

/** PEM, as in the files that OTEL_EXPORTER_OTLP_CERTIFICATE, _CLIENT_CERTIFICATE and _CLIENT_KEY name. */
export interface CertificateOptions {
  /** Whom the receiver's certificate must come from, instead of Node's own list. */
  readonly ca?: Buffer | undefined;
  /** Ours, where the receiver asks for one. */
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
}

export interface HttpSenderOptions {
  /** The whole URL that traces are sent to; http: or https:. */
  readonly url: string;
  /**
   * Sent with each request, or what gives them, asked once for each request. Where it throws, rejects or does not answer in
   * time, the outcome is `retry`. Headers that describe the body or the connection are ours and left out.
   */
  readonly headers?: HeaderValues | (() => HeaderValues | Promise<HeaderValues>) | undefined;
  /** For one call of `send` as a whole: headers, connecting, writing, and the answer's body. @default 10_000 */
  readonly timeoutMs?: number | undefined;
  /** Connections at the same time; requests above wait, within their time. @default 4 */
  readonly maxInFlight?: number | undefined;
  /** For https: alone. */
  readonly certificates?: CertificateOptions | undefined;
  /** Larger requests are not sent, as OTLP 1.11 has it; counted before compression too. @default 64 MiB */
  readonly maxRequestBytes?: number | undefined;
  /** A 2xx with a larger body counts as refused, as OTLP 1.11 has it; counted after decompression too. @default 4 MiB */
  readonly maxResponseBytes?: number | undefined;
  /** The longest wait that a receiver may ask for. @default 300_000 */
  readonly maxRetryAfterMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** The options, checked and with their defaults. */
export interface SenderSettings {
  readonly url: URL;
  readonly headers: () => HeaderValues | Promise<HeaderValues>;
  readonly timeoutMs: number;
  readonly maxInFlight: number;
  /** Empty where none were given. */
  readonly certificates: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  readonly maxRetryAfterMs: number;
  readonly clock: Clock;
}

/** @throws TypeError or RangeError that names the option; no value of a header, and no password of the URL. */
export function checkedOptions(options: HttpSenderOptions): SenderSettings {
  const { ca, cert, key } = options.certificates ?? {};
  return {
    url: checkedUrl(options.url),
    headers: headerSource(options.headers),
    timeoutMs: wholeNumber("timeoutMs", options.timeoutMs ?? 10_000, LONGEST_TIMER_MS),
    maxInFlight: wholeNumber("maxInFlight", options.maxInFlight ?? 4),
    certificates: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
    maxRequestBytes: wholeNumber("maxRequestBytes", options.maxRequestBytes ?? 64 * MIB),
    maxResponseBytes: wholeNumber("maxResponseBytes", options.maxResponseBytes ?? 4 * MIB),
    maxRetryAfterMs: wholeNumber("maxRetryAfterMs", options.maxRetryAfterMs ?? 300_000, LONGEST_TIMER_MS),
    clock: options.clock ?? systemClock,
  };
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") {
    checkLogin(url);
    return url;
  }
  const shown = JSON.stringify(hideSecrets(String(text)));
  throw new TypeError(`httpSender: url must be an http:// or https:// URL, got ${shown}`);
}

/** Node would throw the same with each request. */
function checkLogin({ username, password }: URL): void {
  try {
    decodeURIComponent(username + password);
  } catch {
    throw new TypeError("httpSender: url: user or password has a % that begins no escape (not shown)");
  }
}

function headerSource(headers: HttpSenderOptions["headers"]): SenderSettings["headers"] {
  if (typeof headers === "function") return headers;
  const fixed = { ...headers };
  checkHeaders(fixed);
  return () => fixed;
}

/** @throws TypeError that names a header that cannot be sent, without its value. */
export function checkHeaders(headers: HeaderValues): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
      if (typeof value !== "string") throw new TypeError("no text");
    } catch {
      throw new TypeError(`httpSender: header ${JSON.stringify(name)} cannot be sent (value not shown)`);
    }
  }
}

function wholeNumber(name: string, value: number, max?: number): number {
  return checkWhole(`httpSender: ${name}`, value, 1, max);
}
