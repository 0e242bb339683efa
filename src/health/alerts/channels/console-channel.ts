import { stderrWriter } from "../../../internal/stderr-writer.ts";
import type { Alert } from "../alert.ts";
import type { AlertChannel } from "../alert-channel.ts";
import { oneLine } from "../one-line.ts";

export interface ConsoleChannelOptions {
  /** @default a line on stderr */
  readonly write?: (line: string) => void;
  /** Lines in a minute. @default 60 */
  readonly maxPerMinute?: number;
}

const LONGEST_LINE = 1_024;

/** One line on stderr for each alert, without control characters. */
export function consoleChannel(options: ConsoleChannelOptions = {}): AlertChannel {
  const write = options.write ?? stderrWriter();
  return {
    name: "console",
    maxPerMinute: options.maxPerMinute ?? 60,
    send(alert) {
      write(oneLine(lineOf(alert), LONGEST_LINE));
      return undefined;
    },
  };
}

function lineOf({ at, state, severity, rule, summary, count, traceId }: Alert): string {
  const what = state === "firing" ? `ALERT ${severity}` : "resolved";
  const often = count > 1 ? ` (seen ${count} times)` : "";
  const where = traceId === undefined ? "" : ` trace ${traceId}`;
  return `agent-otel: ${at.toISOString()} ${what} ${rule}: ${summary}${often}${where}`;
}
