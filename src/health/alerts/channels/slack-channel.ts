import type { Alert } from "../alert.ts";
import type { AlertChannel } from "../alert-channel.ts";
import { type HttpChannelOptions, httpChannel } from "./http-channel.ts";

export interface SlackChannelOptions extends HttpChannelOptions {
  /** Of an incoming webhook, of Slack or of what takes the same, as Mattermost. It is a secret. */
  readonly url: string | URL;
}

const SIGN = {
  critical: ":rotating_light:",
  error: ":red_circle:",
  warning: ":warning:",
  info: ":information_source:",
};

/**
 * Posts each alert as a message, in the form of Slack's incoming webhooks: `{ "text": … }`. What stands in a name cannot mention anybody.
 *
 * @throws TypeError or RangeError that names the option; never with the URL in it.
 */
export function slackChannel(options: SlackChannelOptions): AlertChannel {
  const message = (alert: Alert) => ({ body: JSON.stringify({ text: textOf(alert) }) });
  return httpChannel({ name: "slack", url: options.url, message }, options);
}

function textOf({ state, severity, rule, summary, count, service, traceId }: Alert): string {
  const sign = state === "firing" ? SIGN[severity] : ":white_check_mark: resolved:";
  const often = count > 1 ? `, seen ${count} times` : "";
  const where = traceId === undefined ? "" : `, trace ${traceId}`;
  return `${sign} ${escaped(summary)} (${escaped(rule)}, ${escaped(service)}${often}${where})`;
}

/** The three characters that Slack asks for: without them no link, mention or command begins. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
