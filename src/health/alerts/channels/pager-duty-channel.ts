import { keyHash } from "../../../internal/check-key.ts";
import type { Alert } from "../alert.ts";
import type { AlertChannel } from "../alert-channel.ts";
import { oneLine } from "../one-line.ts";
import { type HttpChannelOptions, httpChannel } from "./http-channel.ts";

export interface PagerDutyChannelOptions extends HttpChannelOptions {
  /** Of an integration with the Events API v2: 32 characters. It is a secret. */
  readonly routingKey: string;
  /** @default "https://events.pagerduty.com/v2/enqueue"; of the EU: "https://events.eu.pagerduty.com/v2/enqueue" */
  readonly url?: string | URL;
}

const URL_OF_US = "https://events.pagerduty.com/v2/enqueue";
const KEY = /^[A-Za-z0-9]{32}$/;
// Limits of the Events API v2.
const LONGEST_DEDUP_KEY = 255;
const LONGEST_SUMMARY = 1_024;

/**
 * Triggers and resolves incidents, in the form of PagerDuty's Events API v2. The `dedup_key` is the same for one rule, subject and service.
 *
 * @throws TypeError or RangeError that names the option; never with the key or the URL in it.
 */
export function pagerDutyChannel(options: PagerDutyChannelOptions): AlertChannel {
  const { routingKey, url = URL_OF_US } = options;
  if (typeof routingKey !== "string" || !KEY.test(routingKey))
    throw new TypeError("pagerDutyChannel: routingKey must be 32 letters and digits");
  const message = (alert: Alert) => ({ body: JSON.stringify(eventOf(routingKey, alert)) });
  return httpChannel({ name: "pagerDuty", url, keepsState: true, message }, options);
}

function eventOf(routingKey: string, alert: Alert) {
  const { key, state, rule, subject, severity, summary, at, count, facts, service, traceId } = alert;
  const event = {
    routing_key: routingKey,
    event_action: state === "firing" ? "trigger" : "resolve",
    dedup_key: dedupKey(`agent-otel:${service}:${key}`),
  };
  if (state === "resolved") return event;
  return {
    ...event,
    client: "agent-otel",
    payload: {
      summary: oneLine(summary, LONGEST_SUMMARY),
      source: service,
      severity,
      timestamp: at.toISOString(),
      component: subject,
      class: rule,
      custom_details: { ...facts, count, ...(traceId !== undefined && { trace_id: traceId }) },
    },
  };
}

function dedupKey(text: string): string {
  return text.length <= LONGEST_DEDUP_KEY ? text : `agent-otel:${keyHash(text)}`;
}
