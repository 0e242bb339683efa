import type { Attributes } from "@opentelemetry/api";
import * as names from "../semconv.ts";
import type { CallMetrics, UsageCells } from "./call-metrics.ts";
import type { CounterCell, HistogramCell } from "./cells.ts";
import type { CounterInstrument, HistogramInstrument, Instrument } from "./instrument.ts";
import type { Labels, SeriesMap } from "./series-map.ts";

const CALLED_AGENT = [names.ATTR_CALLER_TYPE, names.ATTR_CALLER_NAME, names.ATTR_AGENT_NAME];
const AGENT = [...CALLED_AGENT, names.ATTR_ERROR_TYPE];
const USAGE = [names.ATTR_OPERATION, names.ATTR_PROVIDER, names.ATTR_REQUEST_MODEL, names.ATTR_AGENT_NAME];
const MODEL = [...USAGE, names.ATTR_ERROR_TYPE];
const TOOL = [names.ATTR_TOOL_NAME, names.ATTR_AGENT_NAME, names.ATTR_ERROR_TYPE];
const WORKFLOW = [names.ATTR_WORKFLOW_NAME, names.ATTR_ERROR_TYPE];

/** Providers do not say of every token whether it was text, so we do not either. */
const MODALITY: Attributes = { [names.ATTR_TOKEN_MODALITY]: "unknown" };

/** Names, units, descriptions and attributes of the call metrics; those without a point are left out. */
export function instruments(metrics: CallMetrics): readonly Instrument[] {
  const { agents, models, tools, workflows, usage } = metrics;
  const embeddings = (labels: Labels): boolean => labels[0] === names.OP_EMBEDDINGS;
  const all: readonly Instrument[] = [
    histogram(
      names.METRIC_INVOKE_AGENT_DURATION,
      "s",
      "Duration of agent calls, by caller and agent.",
      agents,
      AGENT,
    ),
    calls(
      names.METRIC_INVOKE_AGENT_INFERENCE_CALLS,
      "{inference_call}",
      "Model calls of one agent call.",
      metrics.agentModelCalls,
    ),
    calls(
      names.METRIC_INVOKE_AGENT_TOOL_CALLS,
      "{tool_call}",
      "Tool calls of one agent call.",
      metrics.agentToolCalls,
    ),
    histogram(
      names.METRIC_INFERENCE_DURATION,
      "s",
      "Duration of model calls, by agent and model.",
      models,
      MODEL,
      (labels) => !embeddings(labels),
    ),
    histogram(
      names.METRIC_OPERATION_DURATION,
      "s",
      "Duration of other client operations (embeddings).",
      models,
      MODEL,
      embeddings,
    ),
    histogram(
      names.METRIC_EXECUTE_TOOL_DURATION,
      "s",
      "Duration of tool calls, by agent and tool.",
      tools,
      TOOL,
    ),
    histogram(names.METRIC_INVOKE_WORKFLOW_DURATION, "s", "Duration of workflow calls.", workflows, WORKFLOW),
    chunks(
      names.METRIC_TIME_TO_FIRST_CHUNK,
      "From the request to the first piece of a streamed answer.",
      usage,
      (c) => c.firstChunks,
    ),
    chunks(
      names.METRIC_TIME_PER_OUTPUT_CHUNK,
      "Between each two pieces of a streamed answer.",
      usage,
      (c) => c.chunkGaps,
    ),
    tokens(names.METRIC_USAGE_INPUT, "Input tokens billed, cached ones included.", usage, (c) => c.input),
    tokens(names.METRIC_USAGE_OUTPUT, "Output tokens billed, reasoning included.", usage, (c) => c.output),
    tokens(names.METRIC_USAGE_CACHE_READ, "Input tokens read from a cache.", usage, (c) => c.cacheRead),
    tokens(names.METRIC_USAGE_CACHE_WRITE, "Input tokens written to a cache.", usage, (c) => c.cacheWrite),
    tokens(names.METRIC_USAGE_REASONING, "Output tokens spent on reasoning.", usage, (c) => c.reasoning),
    sizes(names.METRIC_INPUT_TOKENS, "Input tokens of one model call.", usage, (c) => c.inputSizes),
    sizes(names.METRIC_OUTPUT_TOKENS, "Output tokens of one model call.", usage, (c) => c.outputSizes),
    counter(
      names.METRIC_COST,
      "{USD}",
      "Cost of model calls whose price is known.",
      usage,
      (c) => c.costNanoUsd,
      1e9,
    ),
    costs(
      names.METRIC_INVOCATION_COST,
      "Cost of the model calls that agents made themselves, by caller and agent.",
      metrics.invocationCosts,
      CALLED_AGENT,
    ),
    costs(names.METRIC_WORKFLOW_COST, "Cost of all model calls below a workflow.", metrics.workflowCosts, [
      names.ATTR_WORKFLOW_NAME,
    ]),
    counter(
      names.METRIC_COST_UNPRICED,
      "{call}",
      "Model calls with usage whose price is not known.",
      usage,
      (c) => c.unpriced,
    ),
    counter(
      names.METRIC_USAGE_UNKNOWN,
      "{call}",
      "Model calls that succeeded without usage: streams left early, answers without or with unusable counts.",
      usage,
      (c) => c.unknownUsage,
    ),
  ];
  return all.filter((instrument) => instrument.points.length > 0);
}

function histogram(
  name: string,
  unit: string,
  description: string,
  series: SeriesMap<HistogramCell>,
  keys: readonly string[],
  keep: (labels: Labels) => boolean = () => true,
): HistogramInstrument {
  const points = [...series.values()]
    .filter(({ labels }) => keep(labels))
    .map(({ labels, cell }) => ({ attributes: attributesOf(keys, labels), cell }));
  return { kind: "histogram", name, unit, description, whole: unit !== "s", points };
}

function calls(
  name: string,
  unit: string,
  description: string,
  series: SeriesMap<HistogramCell>,
): HistogramInstrument {
  return histogram(name, unit, description, series, [names.ATTR_AGENT_NAME]);
}

function sizes(name: string, description: string, series: SeriesMap<UsageCells>, pick: PickHistogram) {
  return picked({ name, unit: "{token}", description, whole: true }, series, pick);
}

function chunks(name: string, description: string, series: SeriesMap<UsageCells>, pick: PickHistogram) {
  return picked({ name, unit: "s", description, whole: false }, series, pick);
}

type PickHistogram = (cells: UsageCells) => HistogramCell;

function picked(
  what: Omit<HistogramInstrument, "kind" | "points">,
  series: SeriesMap<UsageCells>,
  pick: PickHistogram,
): HistogramInstrument {
  const points = [...series.values()]
    .filter(({ cell }) => pick(cell).count > 0)
    .map(({ labels, cell }) => ({ attributes: attributesOf(USAGE, labels), cell: pick(cell) }));
  return { kind: "histogram", ...what, points };
}

function counter(
  name: string,
  unit: string,
  description: string,
  series: SeriesMap<UsageCells>,
  pick: (cells: UsageCells) => CounterCell,
  divisor = 1,
  more: Attributes = {},
): CounterInstrument {
  const points = [...series.values()]
    .filter(({ cell }) => pick(cell).touched)
    .map(({ labels, cell }) => ({
      attributes: { ...attributesOf(USAGE, labels), ...more },
      value: pick(cell).value / divisor,
    }));
  return { kind: "counter", name, unit, description, whole: divisor === 1, points };
}

function costs(
  name: string,
  description: string,
  series: SeriesMap<CounterCell>,
  keys: readonly string[],
): CounterInstrument {
  const points = [...series.values()].map(({ labels, cell }) => ({
    attributes: attributesOf(keys, labels),
    value: cell.value / 1e9,
  }));
  return { kind: "counter", name, unit: "{USD}", description, whole: false, points };
}

function tokens(
  name: string,
  description: string,
  series: SeriesMap<UsageCells>,
  pick: (cells: UsageCells) => CounterCell,
): CounterInstrument {
  return counter(name, "{token}", description, series, pick, 1, MODALITY);
}

function attributesOf(keys: readonly string[], labels: Labels): Attributes {
  const attributes: Attributes = {};
  for (const [i, key] of keys.entries()) {
    const label = labels[i];
    if (label !== undefined) attributes[key] = label;
  }
  return attributes;
}
