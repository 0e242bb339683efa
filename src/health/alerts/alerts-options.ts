import { type CallLog, callLog } from "../../agent/call-log.ts";
import { checkName } from "../../internal/check-name.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import type { MetricSources } from "../../telemetry/metric-sources.ts";
import { type SignalLog, signalLog } from "../../telemetry/signals.ts";
import { health as own } from "../health-monitor.ts";
import type { AlertChannel } from "./alert-channel.ts";
import { AlertMetrics, alertMetrics } from "./alert-metrics.ts";
import type { AlertRule, ScoredAgent } from "./alert-rule.ts";
import { consoleChannel } from "./channels/console-channel.ts";
import { oneLine } from "./one-line.ts";
import { defaultAlertRules } from "./rules/default-rules.ts";

export interface AlertsOptions {
  /** @default all of `defaultAlertRules()`, each with its defaults */
  readonly rules?: readonly AlertRule[];
  /** @default `consoleChannel()` alone */
  readonly channels?: readonly AlertChannel[];
  /** Whose health the rule `health_below` looks at. @default `health`, that of this process */
  readonly health?: { agents(): readonly ScoredAgent[] };
  /** Between two looks at the health, milliseconds. 1,000 to an hour. @default 15_000 */
  readonly healthEveryMs?: number;
  /** What is not seen again for so long is resolved: errors, costs, dead letters. 1 second to a day. @default 300_000 */
  readonly resolveAfterMs?: number;
  /** What goes on is said again after so long. 1 minute to 30 days. @default 3_600_000 */
  readonly repeatEveryMs?: number;
  /** Which program says so. @default OTEL_SERVICE_NAME, else "agent-otel" */
  readonly service?: string;
  readonly clock?: Clock;
  /** For tests. */
  readonly after?: After;
  /** Where it tells its metrics. @default those of this process */
  readonly metrics?: MetricSources;
  /** For tests. @default all calls of this process */
  readonly calls?: CallLog;
  /** For tests. @default those of this process */
  readonly signals?: SignalLog;
}

/** The options, checked, with their defaults. */
export interface AlertsSettings {
  readonly rules: readonly AlertRule[];
  readonly channels: readonly { readonly channel: AlertChannel; readonly maxPerMinute: number }[];
  /** `undefined`: no rule looks at it. */
  readonly health: { agents(): readonly ScoredAgent[] } | undefined;
  readonly healthEveryMs: number;
  readonly resolveAfterMs: number;
  readonly repeatEveryMs: number;
  readonly service: string;
  readonly clock: Clock;
  readonly after: After;
  readonly metrics: AlertMetrics;
  readonly calls: CallLog;
  readonly signals: SignalLog;
}

const MAX_CHANNELS = 20;
const DAY_MS = 86_400_000;

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function alertsSettings(options: AlertsOptions): AlertsSettings {
  const { rules = defaultAlertRules(), channels = [consoleChannel()], health = own } = options;
  for (const rule of rules) checkName("alerts: rules", rule?.name);
  checkWhole("alerts: number of channels", channels.length, 1, MAX_CHANNELS);
  if (typeof health.agents !== "function")
    throw new TypeError("alerts: health must have a function agents()");
  const service = oneLine(options.service ?? process.env["OTEL_SERVICE_NAME"] ?? "", 128);
  return {
    rules: [...new Map(rules.map((rule) => [rule.name, rule])).values()],
    channels: channels.map(checkedChannel),
    health: rules.some(({ onScore }) => onScore !== undefined) ? health : undefined,
    healthEveryMs: checkWhole("alerts: healthEveryMs", options.healthEveryMs ?? 15_000, 1_000, 3_600_000),
    resolveAfterMs: checkWhole("alerts: resolveAfterMs", options.resolveAfterMs ?? 300_000, 1_000, DAY_MS),
    repeatEveryMs: checkWhole(
      "alerts: repeatEveryMs",
      options.repeatEveryMs ?? 3_600_000,
      60_000,
      30 * DAY_MS,
    ),
    service: service === "" ? "agent-otel" : service,
    clock: options.clock ?? systemClock,
    after: options.after ?? systemAfter,
    metrics: options.metrics === undefined ? alertMetrics : new AlertMetrics(options.metrics),
    calls: options.calls ?? callLog,
    signals: options.signals ?? signalLog,
  };
}

function checkedChannel(channel: AlertChannel): AlertsSettings["channels"][number] {
  checkName("alerts: channels", channel?.name);
  if (typeof channel.send !== "function")
    throw new TypeError(`alerts: channel "${channel.name}" must have a function send()`);
  const maxPerMinute = checkWhole(
    `alerts: maxPerMinute of channel "${channel.name}"`,
    channel.maxPerMinute ?? 10,
    1,
    6_000,
  );
  return { channel, maxPerMinute };
}
