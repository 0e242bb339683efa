import type { Attributes } from "@opentelemetry/api";
import * as names from "../../telemetry/semconv.ts";
import { calledAgentOf, calledToolOf, calledWorkflowOf, type NamedSpan } from "./operation.ts";

/** Whose work a span is. A `Scope` is one. */
export interface Around {
  readonly kind: "agent" | "workflow" | undefined;
  /** Name of the innermost agent or workflow. */
  readonly name: string | undefined;
  /** Name of the innermost agent. */
  readonly agent: string | undefined;
  readonly conversation: string | undefined;
}

/** Adds whose work it is, and what was called, where the span does not say so itself. */
export function addPlace(
  added: Attributes,
  span: NamedSpan,
  operation: string,
  around: Around | undefined,
): void {
  const { attributes } = span;
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && !(name in attributes)) added[name] = value;
  };
  add(names.ATTR_CONVERSATION_ID, around?.conversation);
  if (operation === names.OP_INVOKE_AGENT || operation === names.OP_INVOKE_WORKFLOW) {
    if (!(names.ATTR_CALLER_NAME in attributes)) addCaller(added, around);
    if (operation === names.OP_INVOKE_AGENT) add(names.ATTR_AGENT_NAME, calledAgentOf(span));
    else add(names.ATTR_WORKFLOW_NAME, calledWorkflowOf(span));
    return;
  }
  add(names.ATTR_AGENT_NAME, around?.agent);
  if (operation === names.OP_EXECUTE_TOOL) add(names.ATTR_TOOL_NAME, calledToolOf(span));
}

function addCaller(added: Attributes, around: Around | undefined): void {
  if (around?.name === undefined) return;
  added[names.ATTR_CALLER_TYPE] = around.kind;
  added[names.ATTR_CALLER_NAME] = around.name;
}
