import type { DataTransformerConfig } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  ArcOptionBuilder,
  EdgeOptionsBuilder,
  NodeOptionsBuilder,
  PanelBuilder,
  ZoomMode,
} from "@grafana/grafana-foundation-sdk/nodegraph";
import type { NodeGraphQueries } from "../queries/node-graph.ts";
import { PROMETHEUS, target } from "./finish.ts";
import type { DataLink, PanelOptions, SizedPanel } from "./panel.ts";

export interface NodeGraphOptions extends Omit<PanelOptions, "queries" | "links" | "thresholds"> {
  readonly queries: NodeGraphQueries;
  readonly nodeLinks: readonly DataLink[];
}

const NODES = { id: "byRefId", options: "/nodes/" };
const EDGES = { id: "byRefId", options: "/edges/" };

/**
 * Who calls whom. The panel takes a field by its own name and not by the one it is shown under, so nothing is renamed: text comes as labels,
 * numbers as fields that a calculation adds.
 */
export function nodeGraphPanel(options: NodeGraphOptions): SizedPanel {
  const { queries, nodeLinks, width, height } = options;
  const arc = (field: string, color: string) => new ArcOptionBuilder().field(field).color(color);
  const builder = new PanelBuilder()
    .id(options.id)
    .title(options.title)
    .description(options.description)
    .datasource(PROMETHEUS)
    .unit(options.unit)
    .noValue(options.noValue)
    // Plain suffixes: the panel prints them as they are.
    .nodes(
      new NodeOptionsBuilder()
        .mainStatUnit("calls")
        .secondaryStatUnit("USD")
        .arcs([arc("arc__ok", "green"), arc("arc__errors", "red")]),
    )
    .edges(new EdgeOptionsBuilder().mainStatUnit("calls").secondaryStatUnit("% failed"))
    .zoomMode(ZoomMode.Cooperative)
    .transformations(TRANSFORMATIONS);
  for (const [refId, expr] of [
    ["nodes", queries.nodes],
    ["nodes_errors", queries.nodeErrors],
    ["nodes_cost", queries.nodeCost],
    ["edges", queries.edges],
    ["edges_errors", queries.edgeErrors],
  ] as const) {
    builder.withTarget(target({ refId, expr, table: true }));
  }
  const panel = builder
    .overrideByName("id", [{ id: "links", value: nodeLinks.map((link) => ({ ...link })) }])
    .build();
  // Not in the SDK's types yet.
  panel.options = { ...(panel.options as object), layoutAlgorithm: "layered" };
  return { panel, width, height };
}

/** The column is called `Value` when only one of the queries returned rows. */
const TRANSFORMATIONS: DataTransformerConfig[] = [
  join("/^nodes/"),
  sum(NODES, "mainstat", "Value", "Value #nodes"),
  sum(NODES, "secondarystat", "Value #nodes_cost"),
  sum(NODES, "arc__errors", "Value #nodes_errors"),
  {
    id: "calculateField",
    filter: NODES,
    options: {
      mode: "binary",
      binary: {
        left: { fixed: "1" },
        operator: "-",
        right: { matcher: { id: "byName", options: "arc__errors" } },
      },
      alias: "arc__ok",
      replaceFields: false,
    },
  },
  join("/^edges/"),
  sum(EDGES, "mainstat", "Value", "Value #edges"),
  sum(EDGES, "secondarystat", "Value #edges_errors"),
];

function join(refIds: string): DataTransformerConfig {
  return {
    id: "joinByField",
    filter: { id: "byRefId", options: refIds },
    options: { byField: "id", mode: "outer" },
  };
}

/** A new field with the sum of those that are there. */
function sum(filter: typeof NODES, alias: string, ...include: readonly string[]): DataTransformerConfig {
  return {
    id: "calculateField",
    filter,
    options: {
      mode: "reduceRow",
      reduce: { reducer: "sum", include },
      alias,
      timeSeries: false,
      replaceFields: false,
    },
  };
}
