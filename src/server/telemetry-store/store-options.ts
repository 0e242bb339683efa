import { checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import { databasePath } from "../../stores/sqlite/database-path.ts";

const DEFAULT_PATH = ".agent-otel/telemetry.db";
const DAY_MS = 86_400_000;
const GIB = 2 ** 30;

/** What goes first when there is too much: traces that nothing was added to for longest. Rollup rows stay for their own time. */
export interface RetentionOptions {
  /** Since something was added to a trace last. @default 7 days */
  readonly maxAgeMs?: number;
  /** @default 1_000_000 */
  readonly maxSpans?: number;
  /** Of the file in use; pages that became free are used again. @default 4 GiB */
  readonly maxBytes?: number;
}

export interface TelemetryStoreOptions {
  /** A file of its own, beside that of the shared store. @default ".agent-otel/telemetry.db" */
  readonly path?: string;
  readonly retention?: RetentionOptions;
  /** How long what arrives waits for others, to be written in one transaction; from 0 to 50. @default 10 */
  readonly groupMs?: number;
  /** For tests. */
  readonly clock?: Clock;
  readonly after?: After;
}

export interface TelemetryStoreSettings {
  readonly path: string;
  readonly retention: Required<RetentionOptions>;
  readonly groupMs: number;
  readonly clock: Clock;
  readonly after: After;
}

/** @throws RangeError, TypeError that name the option, the range and the value. */
export function storeSettings(options: TelemetryStoreOptions): TelemetryStoreSettings {
  const { path, retention = {}, groupMs = 10, clock = systemClock, after = systemAfter } = options;
  const { maxAgeMs = 7 * DAY_MS, maxSpans = 1_000_000, maxBytes = 4 * GIB } = retention;
  checkWhole("telemetryStore: retention.maxAgeMs", maxAgeMs, 1_000);
  checkWhole("telemetryStore: retention.maxSpans", maxSpans, 1);
  checkWhole("telemetryStore: retention.maxBytes", maxBytes, 1_048_576);
  checkWhole("telemetryStore: groupMs", groupMs, 0, 50);
  return {
    path: databasePath(path ?? DEFAULT_PATH),
    retention: { maxAgeMs, maxSpans, maxBytes },
    groupMs,
    clock,
    after,
  };
}
