import { interpolate, type Times, variablesIn } from "../../grafana/interpolate.ts";

const TIMES: Times = { fromMs: 0, toMs: 3_600_000, stepS: 15, rateIntervalS: 60 };

/** An expression with something in place of its variables, so that it can be parsed. */
export function withPlaceholders(expr: string): string {
  return interpolate(expr, new Map(variablesIn(expr).map((name) => [name, "x"])), TIMES);
}
