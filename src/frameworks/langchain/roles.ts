/** LangGraph's name for a graph that was given none. */
const UNNAMED = "LangGraph";

/** Nodes named after their part in the loop of one agent: that of the prebuilt agents, and of the tutorials. */
const LOOP_NODE =
  /^(?:agent|model|model_request|call_?model|llm|llm_?call|pre_model_hook)$|\.(?:before_agent|before_model)$/i;

/** Nodes that run what a model has asked for. */
const TOOL_NODE = /(?:^|[._-])tools?(?:[._-]?(?:node|executor))?$|^tool(?:node|s?executor)$/i;

/** Tools that hand over, as langgraph-supervisor, langgraph-swarm and the OpenAI agents call them. */
const TRANSFER_TOOL = /^(?:transfer|hand_?off)(?:_back)?_to_(.+)$/i;

export function isNamed(graph: string): boolean {
  return graph !== UNNAMED;
}

/** Whether a graph that begins with this node is the loop of one agent, and not several at work together. */
export function isAgentLoop(firstNode: string): boolean {
  return LOOP_NODE.test(firstNode);
}

/** LangGraph's own nodes begin with two underscores, also the end. */
export function isInternalNode(node: string): boolean {
  return node.startsWith("__");
}

export function isToolNode(node: string): boolean {
  return TOOL_NODE.test(node);
}

/** @returns The agent that a tool hands over to, by the tool's name. */
export function transferTarget(tool: string): string | undefined {
  return TRANSFER_TOOL.exec(tool)?.[1];
}
