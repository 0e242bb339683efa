import { type Clock, systemClock } from "../../../internal/clock.ts";
import { randomUUID } from "../../../internal/late-builtins.ts";
import type { Alert } from "../alert.ts";
import type { AlertChannel } from "../alert-channel.ts";
import { type HttpChannelOptions, httpChannel } from "./http-channel.ts";
import {
  HEADER_ID,
  HEADER_SIGNATURE,
  HEADER_TIMESTAMP,
  webhookKey,
  webhookSignature,
} from "./webhook-signature.ts";

export interface WebhookChannelOptions extends HttpChannelOptions {
  /** `https://…`, to a public address. */
  readonly url: string | URL;
  /** At least 16 bytes; `whsec_` and Base64, or any other text. Who receives it needs the same. */
  readonly secret: string;
  readonly clock?: Clock;
}

/**
 * Posts each alert as JSON (`type` is `alert.firing` or `alert.resolved`, `data` the alert), signed as Standard Webhooks has it: `webhook-id`, `webhook-timestamp` in seconds, and `webhook-signature`, which is
 * `v1,` and the Base64 of an HMAC-SHA256 over `id.timestamp.body`. `verifyWebhook` checks that, and libraries of Standard Webhooks do. An
 * attempt that is made again has the same id and a new time.
 *
 * @throws TypeError or RangeError that names the option; never with the URL or the secret in it.
 */
export function webhookChannel(options: WebhookChannelOptions): AlertChannel {
  const { url, secret, clock = systemClock } = options;
  const key = webhookKey("webhookChannel: secret", secret);
  /** Of alerts that are on their way. */
  const ids = new WeakMap<Alert, string>();
  const message = (alert: Alert) => {
    const id = ids.get(alert) ?? `msg_${randomUUID()}`;
    ids.set(alert, id);
    const timestamp = String(Math.floor(clock.now() / 1_000));
    const body = bodyOf(alert);
    return {
      body,
      headers: {
        [HEADER_ID]: id,
        [HEADER_TIMESTAMP]: timestamp,
        [HEADER_SIGNATURE]: webhookSignature(key, id, timestamp, body),
      },
    };
  };
  return httpChannel({ name: "webhook", url, message }, options);
}

function bodyOf({ key, state, rule, subject, severity, summary, ...alert }: Alert): string {
  const { since, at, count, facts, service, traceId = null } = alert;
  const times = { since: since.toISOString(), at: at.toISOString() };
  const data = { key, state, rule, subject, severity, summary, ...times, count, facts, service };
  return JSON.stringify({
    type: `alert.${state}`,
    timestamp: times.at,
    data: { ...data, trace_id: traceId },
  });
}
