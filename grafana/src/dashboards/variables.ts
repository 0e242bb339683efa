import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import * as names from "../../../src/telemetry/semconv.ts";
import { LABEL_APP, SPAN_CALLS } from "../metrics/derived.ts";
import { countOf, label, series } from "../metrics/prometheus-names.ts";
import { PROMETHEUS } from "../panels/finish.ts";

type Variable = Builder<VariableModel>;

export const datasource = (): Variable =>
  new DatasourceVariableBuilder("datasource")
    .label("Prometheus")
    .description("Where the metrics are.")
    .type("prometheus")
    .current({ selected: true, text: "agent-otel-prometheus", value: "agent-otel-prometheus" });

export const jaeger = (): Variable =>
  new DatasourceVariableBuilder("jaeger")
    .label("Jaeger")
    .description("Where the traces are, for the graph that Jaeger draws.")
    .type("jaeger")
    .current({ selected: true, text: "agent-otel-jaeger", value: "agent-otel-jaeger" });

export const jaegerUrl = (): Variable =>
  new TextBoxVariableBuilder("jaeger_url")
    .label("Jaeger's page")
    .description("Where links to traces lead: the address of Jaeger as your browser sees it.")
    .defaultValue("http://127.0.0.1:16686")
    .current({ selected: true, text: "http://127.0.0.1:16686", value: "http://127.0.0.1:16686" });

/** Every program sends some of these; those without our SDK the last one. */
const OF_APPS = [
  series(names.METRIC_SPOOL_CREATED),
  countOf(names.METRIC_INVOKE_AGENT_DURATION),
  countOf(names.METRIC_INFERENCE_DURATION),
  series(names.METRIC_BREAKER_STATE),
  series(names.METRIC_QUEUE_RUNNING),
  series(names.METRIC_WORKFLOW_RUNS),
  SPAN_CALLS,
];
const OF_AGENTS = [
  countOf(names.METRIC_INVOKE_AGENT_DURATION),
  countOf(names.METRIC_INFERENCE_DURATION),
  SPAN_CALLS,
];

/** What the demo opens with; where there is no such agent, Grafana takes the first one. */
const FIRST_AGENT = "researcher";

export const app = (): Variable =>
  values("app", LABEL_APP, OF_APPS, "")
    .label("Application")
    .description("Programs by service.name, with its namespace where it has one.");

export const agent = (): Variable =>
  values("agent", label(names.ATTR_AGENT_NAME), OF_AGENTS, `,${LABEL_APP}=~"$app"`)
    .label("Agent")
    .description("Agents of these applications.");

/** One of them, without «All»: of several there would be no one health, and no breaker of its name. */
export const oneAgent = (): Variable =>
  values("agent", label(names.ATTR_AGENT_NAME), OF_AGENTS, `,${LABEL_APP}=~"$app"`)
    .label("Agent")
    .description("The agent that the board is about.")
    .multi(false)
    .includeAll(false)
    .current({ selected: true, text: FIRST_AGENT, value: FIRST_AGENT });

export const model = (): Variable =>
  values(
    "model",
    label(names.ATTR_REQUEST_MODEL),
    [countOf(names.METRIC_INFERENCE_DURATION), countOf(names.METRIC_OPERATION_DURATION)],
    `,${LABEL_APP}=~"$app"`,
  )
    .label("Model")
    .description("Models that these applications asked for.");

function values(name: string, of: string, metrics: readonly string[], more: string): QueryVariableBuilder {
  const query = `label_values({__name__=~"${metrics.join("|")}"${more}}, ${of})`;
  return new QueryVariableBuilder(name)
    .datasource(PROMETHEUS)
    .query({ query, refId: `variable-${name}`, qryType: 1 })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalCaseInsensitiveAsc)
    .multi(true)
    .includeAll(true)
    .allValue(".*")
    .current({ selected: true, text: ["All"], value: ["$__all"] });
}
