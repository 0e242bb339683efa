// As a namespace: the API has logs since 1.10, and a program may have 1.9, where a named import would not link.

import type { Attributes, Context, Logger, LoggerProvider } from "@opentelemetry/api";
import * as api from "@opentelemetry/api";
import { VERSION } from "../internal/version.ts";
import { safely } from "../internal/warn-once.ts";
import { SCOPE_NAME } from "./semconv.ts";

/** An event of the conventions: a log record with a name. */
export interface EventKind {
  readonly eventName: string;
  /** In OpenTelemetry's numbers: 5 DEBUG, 9 INFO, 13 WARN, 17 ERROR. */
  readonly severityNumber: number;
  readonly severityText: string;
}

/** The names that attributes of events get, where a program has chosen others than the newest. */
export class EventNames {
  #rename: ((attributes: Attributes) => Attributes) | undefined;

  use(rename: (attributes: Attributes) => Attributes): void {
    this.#rename = rename;
  }

  apply(attributes: Attributes): Attributes {
    return this.#rename?.(attributes) ?? attributes;
  }
}

/** The process-wide setting. */
export const eventNames = new EventNames();

/** The logger of the provider seen last. Only saves the look-up by name; a new provider replaces it. */
let seen: { readonly provider: LoggerProvider; readonly logger: Logger } | undefined;

function currentLogger(): Logger | undefined {
  const provider = (api as Partial<typeof api>).logs?.getLoggerProvider();
  if (provider === undefined) return undefined;
  if (seen?.provider !== provider) seen = { provider, logger: provider.getLogger(SCOPE_NAME, VERSION) };
  return seen.logger;
}

/** Whether anybody gets such events: `false` without a logs pipeline. Never throws. */
export function wantsEvent(kind: EventKind, context: Context): boolean {
  let wanted = false;
  safely("asking for a logger", () => {
    const { eventName, severityNumber } = kind;
    wanted = currentLogger()?.enabled({ context, eventName, severityNumber }) === true;
  });
  return wanted;
}

/**
 * Emits one event, where anybody wants it. Never throws.
 *
 * @param context Whose span the event belongs to.
 * @param attributes Makes the attributes; not called where nobody wants them.
 */
export function emitEvent(kind: EventKind, context: Context, attributes: () => Attributes): void {
  if (!wantsEvent(kind, context)) return;
  safely(`emitting ${kind.eventName}`, () => {
    currentLogger()?.emit({ ...kind, context, attributes: eventNames.apply(attributes()) });
  });
}
