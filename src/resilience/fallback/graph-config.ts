import { isStateObject } from "../failure-mark.ts";

/** Of the graph's own keys: they differ from run to run and step to step. */
const OWN = /^(?:__pregel_|checkpoint_|langgraph_|ls_)/;

/**
 * LangGraph calls a node with its state and a config full of functions. Of that config, what the program has put in: a thread or a user
 * tells answers apart, the machinery does not. Any other argument as it is.
 */
export function withoutMachinery(arg: unknown): unknown {
  if (!isStateObject(arg) || !isStateObject(arg["configurable"])) return arg;
  const { configurable, metadata, context } = arg;
  if (!Object.keys(configurable).some((key) => key.startsWith("__pregel_"))) return arg;
  return { configurable: programs(configurable), metadata: programs(metadata), context };
}

function programs(part: unknown): unknown {
  if (!isStateObject(part)) return part;
  return Object.fromEntries(Object.entries(part).filter(([key]) => !OWN.test(key)));
}
