import { CallLog } from "../../../src/agent/call-log.ts";
import type { Alert } from "../../../src/health/alerts/alert.ts";
import type { AlertChannel, SendResult } from "../../../src/health/alerts/alert-channel.ts";
import { alerts } from "../../../src/health/alerts/alerts.ts";
import type { AlertsOptions } from "../../../src/health/alerts/alerts-options.ts";
import type { CallRecord } from "../../../src/telemetry/call-record.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { SignalLog } from "../../../src/telemetry/signals.ts";
import { ManualTime } from "../../work/manual-time.ts";

export const TRACE = "0af7651916cd43dd8448eb211c80319c";

/** A request to `researcher` that did well. */
export function request(changes: Partial<CallRecord> = {}): CallRecord {
  const empty = { calls: 0, tokens: 0, costNanoUsd: 0 };
  return {
    operation: "invoke_agent",
    agent: "researcher",
    durationMs: 1_000,
    traceId: TRACE,
    own: empty,
    subtree: empty,
    ...changes,
  } as CallRecord;
}

export const costing = (usd: number) => ({ subtree: { calls: 1, tokens: 1, costNanoUsd: usd * 1e9 } });

/** Alerts of nobody's calls but ours, on a channel that keeps what it was sent. */
export function watch(
  options: AlertsOptions = {},
  channel: Partial<AlertChannel> & { readonly answer?: (alert: Alert) => SendResult | undefined } = {},
) {
  const [time, calls, signals, metrics] = [
    new ManualTime(),
    new CallLog(),
    new SignalLog(),
    new MetricSources(),
  ];
  const sent: Alert[] = [];
  const recording: AlertChannel = {
    name: "test",
    send(alert) {
      sent.push(alert);
      return channel.answer?.(alert);
    },
    ...channel,
  };
  const { clock, after } = time;
  const watching = alerts({
    channels: [recording],
    calls,
    signals,
    metrics,
    clock,
    after,
    service: "tests",
    health: { agents: () => [] },
    ...options,
  });
  const counts = () =>
    Object.fromEntries(
      metrics
        .collect()
        .flatMap(({ points }) => points as readonly { attributes: object; value: number }[])
        .map(({ attributes, value }) => [Object.values(attributes).join(" "), value]),
    );
  const said = () => sent.map(({ state, rule, subject }) => `${state} ${rule} ${subject}`);
  return { time, calls, signals, metrics, sent, said, watching, counts };
}
