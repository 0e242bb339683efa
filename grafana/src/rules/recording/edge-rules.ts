import { edges } from "../../queries/graph.ts";
import { EDGE_CALLS_RATE, EDGE_ERRORS_RATE } from "../names.ts";
import type { RecordingRule } from "../rule.ts";
import type { TimeScale } from "../time-scale.ts";

/** The interaction graph: labels `job`, `source` and `target`. */
export function edgeRules(time: TimeScale): readonly RecordingRule[] {
  const range = time.range("5m");
  const failed = edges({ per: "rate", range, failedOnly: true });
  return [
    { record: EDGE_CALLS_RATE, expr: edges({ per: "rate", range }) },
    { record: EDGE_ERRORS_RATE, expr: `(${failed}) or 0 * ${EDGE_CALLS_RATE}` },
  ];
}
