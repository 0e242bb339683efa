import { InsideAddressError } from "../../../errors/inside-address-error.ts";
import { checkWhole } from "../../../internal/check-number.ts";
import type { Resolve } from "../../../internal/outbound/checked-addresses.ts";
import { outboundPlace } from "../../../internal/outbound/outbound-url.ts";
import { postOutbound } from "../../../internal/outbound/post-outbound.ts";
import { warnOnce } from "../../../internal/warn-once.ts";
import type { Alert } from "../alert.ts";
import type { AlertChannel, SendResult } from "../alert-channel.ts";

export interface HttpChannelOptions {
  /** Allows `http://localhost` and other addresses of this machine, for tests and development. @default false */
  readonly allowLocalHttp?: boolean;
  /** For one message, from resolving the host to the answer, milliseconds. 100 to 60,000. @default 5_000 */
  readonly timeoutMs?: number;
  /** Messages in a minute; what is more is said in one summary. 1 to 6,000. @default 10 */
  readonly maxPerMinute?: number;
  /** For tests: all addresses of a host. @default the resolver of the system */
  readonly resolve?: Resolve;
}

export interface HttpMessage {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpChannelKind {
  readonly name: string;
  readonly url: unknown;
  readonly keepsState?: boolean;
  readonly message: (alert: Alert) => HttpMessage;
}

const SECONDS = /^\d{1,6}$/;

/**
 * Sends alerts as JSON over HTTPS, to a public address that was checked. What it says of a failure has neither the URL nor an answer in it.
 *
 * @throws TypeError or RangeError that names the option.
 */
export function httpChannel(
  { name, url, keepsState = false, message }: HttpChannelKind,
  { allowLocalHttp = false, timeoutMs = 5_000, maxPerMinute = 10, resolve }: HttpChannelOptions,
): AlertChannel {
  const place = outboundPlace(`${name}Channel: url`, url, allowLocalHttp);
  checkWhole(`${name}Channel: timeoutMs`, timeoutMs, 100, 60_000);
  return {
    name,
    keepsState,
    maxPerMinute,
    async send(alert, signal) {
      const { headers, body } = message(alert);
      const all = { "content-type": "application/json", "user-agent": "agent-otel", ...headers };
      try {
        const answer = await postOutbound({ place, headers: all, body }, { timeoutMs, signal, resolve });
        return resultOf(name, answer.status, answer.retryAfter);
      } catch (error) {
        if (!(error instanceof InsideAddressError)) return { kind: "again" };
        warnOnce(`alert-channel-inside:${name}`, `the alert channel "${name}": ${error.message}`);
        return { kind: "refused" };
      }
    },
  };
}

function resultOf(name: string, status: number, retryAfter: string | undefined): SendResult {
  if (status >= 200 && status < 300) return { kind: "sent" };
  if (status === 429 || status === 408 || status >= 500) {
    const isAsked = retryAfter !== undefined && SECONDS.test(retryAfter);
    return { kind: "again", afterMs: isAsked ? Math.max(Number(retryAfter), 1) * 1_000 : undefined };
  }
  warnOnce(
    `alert-channel-refused:${name}:${status}`,
    `the alert channel "${name}" answered ${status}: its alerts are lost until its options are right`,
  );
  return { kind: "refused" };
}
