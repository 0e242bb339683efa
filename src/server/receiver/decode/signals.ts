import type { Decoded } from "./decoded.ts";
import { decodeJsonLogs } from "./json-logs.ts";
import { decodeJsonMetrics } from "./json-metrics.ts";
import { decodeJsonSpans } from "./json-spans.ts";
import { decodeLogs } from "./logs.ts";
import { decodeMetrics } from "./metrics.ts";
import { decodeSpans } from "./spans.ts";

/** One kind of telemetry: where it is sent to, how it is read, and what its partial success is called. */
export interface Signal {
  readonly path: string;
  readonly protobuf: (bytes: Uint8Array) => Decoded;
  readonly json: (bytes: Uint8Array) => Decoded;
  readonly rejectedKey: string;
}

export const SIGNALS: readonly Signal[] = [
  { path: "/v1/traces", protobuf: decodeSpans, json: decodeJsonSpans, rejectedKey: "rejectedSpans" },
  {
    path: "/v1/metrics",
    protobuf: decodeMetrics,
    json: decodeJsonMetrics,
    rejectedKey: "rejectedDataPoints",
  },
  { path: "/v1/logs", protobuf: decodeLogs, json: decodeJsonLogs, rejectedKey: "rejectedLogRecords" },
];
