import * as names from "../../../src/telemetry/semconv.ts";
import { TARGET_INFO } from "../metrics/collector.ts";
import { EDGE_CALLS, LABEL_APP, SPAN_CALLS } from "../metrics/derived.ts";
import { label } from "../metrics/prometheus-names.ts";
import { either } from "./promql.ts";
import type { Scope } from "./scope.ts";

type App = Pick<Scope, "app">;

/** Names that the package, the conventions and the collector give. */
const OURS = "agents_.+|gen_ai_.+|traces_.+";
/** Labels that programs fill, whose values are folded when they are too many or look like ids. */
const FOLDED = [
  names.ATTR_AGENT_NAME,
  names.ATTR_CALLER_NAME,
  names.ATTR_REQUEST_MODEL,
  names.ATTR_TOOL_NAME,
];

/** Seconds since Prometheus last saw something of each application that it saw within a day. */
export function lastSampleAge({ app = ".*" }: App): string {
  const seen = [TARGET_INFO, SPAN_CALLS].map((series) => {
    return `max by (${LABEL_APP}) (max_over_time(timestamp(${series}{${LABEL_APP}=~"${app}"})[1d:1m]))`;
  });
  return `time() - (${seen.join(" or ")})`;
}

/** At each scrape, by `agents` and `agents-spans`. Counting the series themselves over time would read all of them at each step. */
export const seriesScraped = `sum by (${LABEL_APP}) (scrape_samples_post_metric_relabeling{${LABEL_APP}=~"agents|agents-spans"})`;

/** The values of a label with the most series now. */
export const mostSeries = (of: string, { app = ".*" }: App, most: number): string =>
  `sort_desc(topk(${most}, count by (${of}) ({__name__=~"${OURS}", ${LABEL_APP}=~"${app}"})))`;

/** Series in which the package has folded names, by application and label. */
export function foldedSeries({ app = ".*" }: App): string {
  const folded = FOLDED.map((attribute) => {
    const name = label(attribute);
    const count = `count by (${LABEL_APP}) ({__name__=~"${OURS}", ${LABEL_APP}=~"${app}", ${name}="${names.VALUE_OTHER}"})`;
    return `label_replace(${count}, "label", "${name}", "", "")`;
  });
  return either(...folded);
}

/** Series of the collector in which what came past its own cap is counted, by application. */
export const overflown = ({ app = ".*" }: App): string =>
  `count by (${LABEL_APP}) ({__name__=~"${SPAN_CALLS}|${EDGE_CALLS}", ${LABEL_APP}=~"${app}", otel_metric_overflow="true"})`;
