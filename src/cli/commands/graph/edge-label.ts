import type { GraphEdge } from "../../../server/api/agents.ts";
import { counted, formatCost } from "../../../telemetry/format-trace-numbers.ts";
import { milliseconds } from "./view.ts";

/** `12 calls, 1 error, p95 4.21 s, $0.0032`. */
export function edgeLabel({ calls, errors, p95_ms, cost_usd }: GraphEdge): string {
  return [
    counted(calls, "call"),
    ...(errors > 0 ? [counted(errors, "error")] : []),
    ...(p95_ms === null ? [] : [`p95 ${milliseconds(p95_ms)}`]),
    ...(cost_usd > 0 ? [formatCost(cost_usd)] : []),
  ].join(", ");
}
