import type { Attributes } from "@opentelemetry/api";
import { HistogramCell } from "./call-metrics/cells.ts";
import { type Labels, SeriesMap } from "./call-metrics/series-map.ts";
import { type MetricSources, metricSources, type SourceInstrument } from "./metric-sources.ts";
import * as names from "./semconv.ts";

export type McpSide = "client" | "server";

const cell = () => new HistogramCell(names.BUCKETS_MCP_SECONDS);
const LABELS = [names.ATTR_MCP_METHOD, names.ATTR_TOOL_NAME, names.ATTR_ERROR_TYPE] as const;

/** Requests and sessions of one side of the Model Context Protocol. */
class SideMetrics {
  /** Labels: method, tool, error type. Names of tools are the server's. */
  readonly requests = new SeriesMap(cell, { foldOrder: [1, 2, 0], names: [0, 1] });
  readonly sessions = cell();
}

/** How long requests and sessions of the Model Context Protocol last, in both directions. */
export class McpMetrics {
  readonly #sides: Readonly<Record<McpSide, SideMetrics>> = {
    client: new SideMetrics(),
    server: new SideMetrics(),
  };
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  /** @param labels Method, tool, error type. */
  request(side: McpSide, labels: Labels, seconds: number): void {
    this.#register();
    this.#sides[side].requests.at(labels).observe(seconds);
  }

  session(side: McpSide, seconds: number): void {
    this.#register();
    this.#sides[side].sessions.observe(seconds);
  }

  #register(): void {
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => [...this.#of("client"), ...this.#of("server")]);
  }

  #of(side: McpSide): readonly SourceInstrument[] {
    const { requests, sessions } = this.#sides[side];
    const client = side === "client";
    const points = [...requests.values()].map(({ labels, cell: of }) => ({
      attributes: labelled(labels),
      cell: of,
    }));
    return [
      histogram(
        client ? names.METRIC_MCP_CLIENT_DURATION : names.METRIC_MCP_SERVER_DURATION,
        "How long requests of the Model Context Protocol took.",
        points,
      ),
      histogram(
        client ? names.METRIC_MCP_CLIENT_SESSION : names.METRIC_MCP_SERVER_SESSION,
        "How long sessions of the Model Context Protocol lasted.",
        sessions.count === 0 ? [] : [{ attributes: {}, cell: sessions }],
      ),
    ].filter((instrument) => instrument.points.length > 0);
  }
}

function labelled(labels: Labels): Attributes {
  const attributes: Attributes = {};
  for (const [index, name] of LABELS.entries()) {
    const value = labels[index];
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}

function histogram(
  name: string,
  description: string,
  points: readonly { readonly attributes: Attributes; readonly cell: HistogramCell }[],
): SourceInstrument {
  return { kind: "histogram", name, unit: "s", description, whole: false, points };
}

/** Those of this process. */
export const mcpMetrics = new McpMetrics(metricSources);
