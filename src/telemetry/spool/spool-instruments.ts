import type { Attributes } from "@opentelemetry/api";
import type { CounterInstrument, GaugeInstrument } from "../call-metrics/instrument.ts";
import * as names from "../semconv.ts";
import type { SpoolSnapshot } from "./spool-snapshot.ts";

/** Names, units and descriptions of what a durable exporter tells of itself. */
export function spoolInstruments(
  spool: SpoolSnapshot,
  nowMs: number,
): readonly (CounterInstrument | GaugeInstrument)[] {
  const ageMs = spool.oldestMs === undefined ? 0 : Math.max(0, nowMs - spool.oldestMs);
  return [
    counter(names.METRIC_SPOOL_CREATED, "{span}", "Spans given to the exporter.", spool.created),
    counter(names.METRIC_SPOOL_RECOVERED, "{span}", "Spans that earlier processes left.", spool.recovered),
    counter(names.METRIC_SPOOL_DELIVERED, "{span}", "Spans that the receiver took.", spool.delivered),
    counter(names.METRIC_SPOOL_REJECTED, "{span}", "Spans that the receiver refused.", spool.rejected),
    dropped(spool.dropped),
    counter(
      names.METRIC_SPOOL_CORRUPT,
      "{frame}",
      "Damaged frames that were set aside.",
      spool.corruptFrames,
    ),
    counter(names.METRIC_SPOOL_RETRIES, "{request}", "Requests that had to be sent again.", spool.retries),
    counter(
      names.METRIC_SPOOL_FAILOVERS,
      "{request}",
      "Requests that another endpoint took than that of their traces.",
      spool.failovers,
    ),
    gauge(names.METRIC_SPOOL_IN_MEMORY, "{span}", "Spans that wait for their batch.", spool.inMemory),
    gauge(names.METRIC_SPOOL_IN_SPOOL, "{span}", "Spans that wait for the receiver.", spool.inSpool),
    gauge(names.METRIC_SPOOL_FRAMES, "{frame}", "Requests that wait for the receiver.", spool.frames),
    gauge(names.METRIC_SPOOL_BYTES, "By", "Size of what waits for the receiver.", spool.bytes),
    gauge(names.METRIC_SPOOL_OLDEST_AGE, "s", "Age of the oldest request that waits.", ageMs / 1_000, false),
  ];
}

function counter(name: string, unit: string, description: string, value: number): CounterInstrument {
  return { kind: "counter", name, unit, description, whole: true, points: [{ attributes: {}, value }] };
}

/** The reasons that lose most are there from the start, with 0: else a first loss is no increase. */
const ALWAYS_SHOWN = { queue_full: 0, disk_full: 0, rejected: 0 };

function dropped(byReason: Readonly<Record<string, number>>): CounterInstrument {
  const points = Object.entries({ ...ALWAYS_SHOWN, ...byReason }).map(([reason, value]) => ({
    attributes: { [names.ATTR_SPOOL_REASON]: reason } satisfies Attributes,
    value,
  }));
  const description = "Spans that were lost, by reason.";
  return {
    kind: "counter",
    name: names.METRIC_SPOOL_DROPPED,
    unit: "{span}",
    description,
    whole: true,
    points,
  };
}

function gauge(
  name: string,
  unit: string,
  description: string,
  value: number,
  whole = true,
): GaugeInstrument {
  return { kind: "gauge", name, unit, description, whole, points: [{ attributes: {}, value }] };
}
