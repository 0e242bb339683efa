import type { Query } from "../grafana/dashboard.ts";

interface Exception {
  /** Of the expression, so that it follows the query to wherever it is shown. */
  readonly asks: RegExp;
  /** For single values of this variable alone. */
  readonly variable?: string;
  readonly why: string;
}

/** Queries that return nothing from the recorded run, and why that is right. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    asks: /otelcol_exporter_enqueue_failed_spans/,
    why: "the collector's counter begins with the first loss",
  },
  { asks: /="_OTHER"|otel_metric_overflow|deltatocumulative/, why: "no names were too many in the run" },
  { asks: /ALERTS\{.*AgentCollector/, why: "in the run no alert about the telemetry itself fired" },
];

/** @param variable Of which a single value was chosen; empty for «All». @returns The reason, where there is one. */
export function mayBeEmpty({ expr }: Pick<Query, "expr">, variable: string): string | undefined {
  const found = EXCEPTIONS.find(
    (one) => one.asks.test(expr) && (one.variable === undefined || one.variable === variable),
  );
  return found?.why;
}
