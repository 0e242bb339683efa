import { property } from "../../cost/readers/raw-usage.ts";
import { isInternalNode } from "./roles.ts";

/** Nodes that a `Command` of LangGraph goes to. */
export interface GoTo {
  readonly targets: readonly string[];
  /** The nodes are those of the graph around. */
  readonly inParent: boolean;
}

/** @param value What a node or a tool has returned: a command, or several. */
export function goToOf(value: unknown): readonly GoTo[] {
  const commands = Array.isArray(value) ? value : [value];
  return commands.flatMap((command) => {
    if (property(command, "lg_name") !== "Command") return [];
    const goto = property(command, "goto");
    const named = (Array.isArray(goto) ? goto : [goto]).map((to: unknown) =>
      typeof to === "string" ? to : property(to, "node"),
    );
    const targets = [...new Set(named)].filter(
      (name): name is string => typeof name === "string" && name !== "" && !isInternalNode(name),
    );
    return targets.length === 0 ? [] : [{ targets, inParent: property(command, "graph") !== undefined }];
  });
}

/** LangGraph throws to pause a graph, and to go to a node of the graph around: nothing has failed. */
export function isBubbleUp(error: unknown): boolean {
  return property(error, "is_bubble_up") === true;
}

/** Of what is thrown to go to a node of the graph around. */
export function thrownGoTo(error: unknown): readonly GoTo[] {
  return goToOf(property(error, "command"));
}

export function isAbort(error: unknown): boolean {
  return (
    property(error, "name") === "AbortError" ||
    /^abort(?:ed|error)?$/i.test(String(property(error, "message")))
  );
}
