import type { AgentRule } from "./options.ts";
import { isInternalNode, isToolNode } from "./roles.ts";

/** Whether a node of a graph that is no agent itself is one. */
export function isAgentNode(name: string, graph: string, rule: AgentRule): boolean {
  if (isInternalNode(name)) return false;
  // The node of a functional entrypoint is the graph.
  return rule({ kind: "node", name, graph }) ?? (!isToolNode(name) && name !== graph);
}
