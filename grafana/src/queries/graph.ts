import * as names from "../../../src/telemetry/semconv.ts";
import {
  EDGE_CALLS,
  EDGE_FAILURES,
  LABEL_APP,
  LABEL_CLIENT,
  LABEL_CONNECTION,
  LABEL_SERVER,
} from "../metrics/derived.ts";
import { countOf, label } from "../metrics/prometheus-names.ts";
import { either, type Matchers, relabel, select, sumBy } from "./promql.ts";
import { appOf, notCounted, type Scope } from "./scope.ts";

/**
 * The interaction graph: one series for each edge, with the labels `job`, `source` and `target`.
 *
 * An agent or workflow is called by its name, a model `model:NAME`, a tool `tool:NAME`, as Jaeger's services are; whoever starts a request
 * is `user`. What no agent called is called by its application. With an agent in the scope: its edges, both ways.
 */
export interface EdgeQuery {
  /** `increase` counts within the range, `rate` per second. */
  readonly per: "increase" | "rate";
  /** As `5m` or `$__range`. */
  readonly range: string;
  /** @default false */
  readonly failedOnly?: boolean;
  readonly scope?: Scope;
}

export const SOURCE = "source";
export const TARGET = "target";
/** Who starts a request. */
export const USER = "user";

const AGENT = label(names.ATTR_AGENT_NAME);
const CALLER = label(names.ATTR_CALLER_NAME);

/** Histograms whose counts are the edges, and the label that says who is called. */
interface Called {
  readonly metrics: readonly string[];
  readonly target: string;
  readonly prefix: string;
}

const CALLED: readonly Called[] = [
  { metrics: [names.METRIC_INVOKE_AGENT_DURATION], target: AGENT, prefix: "" },
  {
    // Embeddings have a histogram of their own; the operation is a label of both, so no two series are alike.
    metrics: [names.METRIC_INFERENCE_DURATION, names.METRIC_OPERATION_DURATION],
    target: label(names.ATTR_REQUEST_MODEL),
    prefix: "model:",
  },
  { metrics: [names.METRIC_EXECUTE_TOOL_DURATION], target: label(names.ATTR_TOOL_NAME), prefix: "tool:" },
];

export function edges(query: EdgeQuery): string {
  const all = [...CALLED.map((called) => exact(called, query)), derived(query)];
  return sumBy([LABEL_APP, SOURCE, TARGET], either(...all));
}

function exact({ metrics, target, prefix }: Called, query: EdgeQuery): string {
  const { scope = {}, failedOnly = false } = query;
  const failed = failedOnly ? { [label(names.ATTR_ERROR_TYPE)]: ".+" } : {};
  const source = target === AGENT ? CALLER : AGENT;
  const counts = ends(scope, source, AGENT).flatMap((end) =>
    metrics.map((name) => counted(query, countOf(name), { ...appOf(scope), ...end, ...failed })),
  );
  const summed = sumBy([LABEL_APP, source, target], either(...counts));
  // What has no caller is the user's; what no agent called, its application's.
  const nobody =
    source === CALLER ? relabel(summed, SOURCE, CALLER, "", USER) : relabel(summed, SOURCE, LABEL_APP);
  const named = relabel(relabel(nobody, SOURCE, source), TARGET, target, "(.*)", `${prefix}$1`);
  return sumBy([LABEL_APP, SOURCE, TARGET], named);
}

function derived(query: EdgeQuery): string {
  const { scope = {}, failedOnly = false, range } = query;
  const series = failedOnly ? EDGE_FAILURES : EDGE_CALLS;
  const counts = ends(scope, LABEL_CLIENT, LABEL_SERVER).map((end) =>
    counted(query, series, { ...appOf(scope), ...end }),
  );
  const summed = sumBy(
    [LABEL_APP, LABEL_CLIENT, LABEL_SERVER, LABEL_CONNECTION],
    notCounted(either(...counts), scope, range),
  );
  // An agent or workflow keeps its name; only models and tools are told apart by a prefix.
  const plain = relabel(relabel(summed, SOURCE, LABEL_CLIENT), TARGET, LABEL_SERVER);
  const joined = `label_join(${plain}, "kind_and_name", ":", "${LABEL_CONNECTION}", "${LABEL_SERVER}")`;
  return sumBy([LABEL_APP, SOURCE, TARGET], relabel(joined, TARGET, "kind_and_name", "((model|tool):.*)"));
}

/** An edge is an agent's where the agent is at either end of it. */
const ends = ({ agent }: Scope, ...labels: readonly string[]): readonly Matchers[] =>
  agent === undefined ? [{}] : [...new Set(labels)].map((label) => ({ [label]: agent }));

const counted = ({ per, range }: EdgeQuery, series: string, matchers: Matchers) =>
  `${per}(${select(series, matchers)}[${range}])`;
