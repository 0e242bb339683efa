import type { RunKey } from "./guard-options.ts";

interface GraphConfig {
  readonly configurable?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly control?: unknown;
}

/** Whether this is what LangGraph gives its nodes beside the state. */
export function isGraphConfig(value: unknown): boolean {
  const { configurable, metadata } = asConfig(value);
  return typeof metadata?.["langgraph_node"] === "string" || "__pregel_send" in (configurable ?? {});
}

/**
 * What tells runs of LangGraph apart: the thread, whose state outlives the run; else the control of the run, one object that all nodes of
 * one `invoke` get, those of subgraphs too. `undefined` for what no graph calls.
 */
export function graphRunOf(_state: unknown, config: unknown): RunKey {
  const { configurable, control } = asConfig(config);
  const thread = configurable?.["thread_id"];
  if (typeof thread === "string" || typeof thread === "number") return String(thread);
  return typeof control === "object" && control !== null && isGraphConfig(config) ? control : undefined;
}

/** LangGraph throws to pause a graph, or to send a command to the one above. That is no failure. */
export function isGraphSignal(error: unknown): boolean {
  try {
    return (error as { is_bubble_up?: unknown } | null | undefined)?.is_bubble_up === true;
  } catch {
    return false;
  }
}

function asConfig(value: unknown): GraphConfig {
  if (typeof value !== "object" || value === null) return {};
  const { configurable, metadata, control } = value as GraphConfig;
  return {
    ...(isObject(configurable) && { configurable }),
    ...(isObject(metadata) && { metadata }),
    control,
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
