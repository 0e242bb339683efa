import * as names from "../../../src/telemetry/semconv.ts";
import { label } from "../metrics/prometheus-names.ts";
import { AGENT, spent } from "./cost.ts";
import { edges, SOURCE, TARGET, USER } from "./graph.ts";
import { either, relabel, sumBy } from "./promql.ts";
import type { Scope } from "./scope.ts";
import { orZero, share } from "./shares.ts";

/**
 * The interaction graph as the Node Graph of Grafana wants it. Every end of an edge is a node, or the panel draws none; what is text there
 * (`id`, `title`, `subtitle`, `source`, `target`) is a label here.
 */
export interface NodeGraphQueries {
  /** Calls received, or of one that nobody calls, calls made: by `id`, `title`, `subtitle`. */
  readonly nodes: string;
  /** The share of the calls received that failed, 0 to 1. */
  readonly nodeErrors: string;
  /** US dollars: of an agent for its own model calls, of a model for those of all agents in the scope. */
  readonly nodeCost: string;
  /** Calls, by `id`, `source`, `target`. */
  readonly edges: string;
  /** The percentage of these that failed. */
  readonly edgeErrors: string;
}

const ID = "id";
const MODEL = label(names.ATTR_REQUEST_MODEL);

export function nodeGraph(scope: Scope, range: string): NodeGraphQueries {
  const count = (failedOnly: boolean): string =>
    sumBy([SOURCE, TARGET], edges({ per: "increase", range, scope, failedOnly }));
  const calls = `(${count(false)} > 0)`;
  const failed = count(true);
  const received = at(TARGET, calls);
  const made = at(SOURCE, calls);
  const all = sumBy([ID], either(received, made));
  return {
    nodes: `round(${described(received, made)})`,
    nodeErrors: orZero(`${at(TARGET, failed)} / (${received} > 0)`, all),
    nodeCost: orZero(`${cost(scope, range)} and on (${ID}) ${all}`, all),
    edges: `round(${identified(calls)})`,
    edgeErrors: `round(100 * (${identified(share(failed, calls))}), 0.1)`,
  };
}

/** By the name of one end. */
const at = (end: string, calls: string): string => sumBy([ID], relabel(calls, ID, end));

const identified = (calls: string): string => `label_join(${calls}, "${ID}", "->", "${SOURCE}", "${TARGET}")`;

/** Names and kinds. Who is never called is the user, or a workflow or program that calls agents. */
function described(received: string, made: string): string {
  const called = relabel(kind(kind(received, ".+", "agent"), "(model|tool):.+", "$1"), "title", ID, NAME);
  const caller = relabel(kind(kind(made, ".+", "caller"), USER, USER), "title", ID, NAME);
  return `${called} or on (${ID}) ${caller}`;
}

/** Without the prefix that tells models and tools apart. */
const NAME = "(?:(?:model|tool):)?(.+)";

const kind = (expr: string, ids: string, subtitle: string): string =>
  relabel(expr, "subtitle", ID, ids.includes("(") ? ids : `(${ids})`, subtitle);

function cost(scope: Scope, range: string): string {
  const agents = sumBy([AGENT], spent({ ...(scope.app !== undefined && { app: scope.app }) }, range));
  const models = relabel(sumBy([MODEL], spent(scope, range)), ID, MODEL, "(.+)", "model:$1");
  return sumBy([ID], either(relabel(agents, ID, AGENT), models));
}
