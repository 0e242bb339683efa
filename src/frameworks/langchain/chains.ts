import { openAgent } from "../../agent/told/told-calls.ts";
import { property } from "../../cost/readers/raw-usage.ts";
import { GraphRun } from "./graph-run.ts";
import { isAgentNode } from "./node-kind.ts";
import type { AgentRule } from "./options.ts";
import { isInternalNode, isToolNode } from "./roles.ts";
import { placeIn, Run } from "./run.ts";

/** What LangChain tells of a chain that begins: graphs, nodes of graphs and what they are made of. */
export interface ToldChain {
  /** Serialized: the path of its class. */
  readonly chain: unknown;
  readonly inputs: unknown;
  readonly parent: Run | undefined;
  readonly metadata: unknown;
  readonly name: string | undefined;
}

/** A node of a graph. */
export class NodeRun extends Run {}

/** @throws the refusal of a run that `failureModes` has stopped. */
export function chainRun(told: ToldChain, rule: AgentRule): Run {
  const { chain, inputs, parent, name } = told;
  if (isGraph(chain)) return new GraphRun(parent, name ?? "", inputs, rule);
  if (parent instanceof GraphRun && name !== undefined && property(told.metadata, "langgraph_node") === name)
    return nodeRun(parent, name, inputs, rule);
  const isAgent = name !== undefined && (rule({ kind: "chain", name }) ?? classOf(chain) === "AgentExecutor");
  return isAgent ? agentRun(parent, name, inputs) : new Run(parent);
}

function nodeRun(graph: GraphRun, name: string, inputs: unknown, rule: AgentRule): Run {
  if (isInternalNode(name)) return new NodeRun(graph);
  const { isAgent } = graph.open(name);
  const caller = graph.handedOver.get(name);
  graph.handedOver.delete(name);
  const isOne = isAgent
    ? rule({ kind: "node", name, graph: graph.name }) === true
    : isAgentNode(name, graph.name, rule);
  if (isOne) {
    graph.lastAgent = name;
    return agentRun(graph, name, inputs, caller);
  }
  return new NodeRun(graph, undefined, isToolNode(name) ? graph.contextOfLastAgent() : undefined);
}

function agentRun(parent: Run | undefined, name: string, inputs: unknown, caller?: string): Run {
  const call = openAgent(name, {
    parent: placeIn(parent),
    args: [inputs],
    ...(caller === undefined ? {} : { caller }),
  });
  return new NodeRun(parent, call, call.context, name);
}

function isGraph(chain: unknown): boolean {
  const path = property(chain, "id");
  return Array.isArray(path) && path[0] === "langgraph" && path[1] === "pregel";
}

/** @returns The last part of the path of a serialized class. */
export function classOf(serialized: unknown): string | undefined {
  const path = property(serialized, "id");
  const last: unknown = Array.isArray(path) ? path.at(-1) : undefined;
  return typeof last === "string" ? last : undefined;
}
