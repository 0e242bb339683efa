import type { Context } from "@opentelemetry/api";
import { ATTR_CALLER_NAME, ATTR_CALLER_TYPE } from "../../telemetry/semconv.ts";
import { activeContext, activeScope } from "../active-scope.ts";
import { type AgentOptions, agentOpener } from "../agent.ts";
import type { Call } from "../call.ts";
import { handoffOpener } from "../handoff.ts";
import { Scope } from "../scope.ts";
import { type ToolLook, type ToolOptions, toolOpener } from "../tool.ts";
import { workflowOpener } from "../workflow.ts";
import { toldName } from "./told-name.ts";

/**
 * Calls that a framework tells of in pieces: begun here, ended by `end`, `leave` or `fail` of what is returned. What they make is what
 * `agent`, `tool`, `workflow` and `handoff` make. `parent` is the context of the call around, by default the active one.
 */
interface Told {
  readonly parent?: Context;
  /** What it was called with: for detectors of repeated steps, and for the span where `capture` is on. */
  readonly args?: readonly unknown[];
}

export interface ToldAgent extends Told, AgentOptions {
  /** Agent that handed over to this one, where the call around is not that agent's. */
  readonly caller?: string;
}

/** @throws the refusal of a run that `failureModes` has stopped. */
export function openAgent(name: unknown, { parent, args = [], caller, ...options }: ToldAgent = {}): Call {
  const call = agentOpener(toldName(name, "agent"), options)(args, parent);
  if (caller !== undefined) {
    call.attributes[ATTR_CALLER_TYPE] = "agent";
    call.attributes[ATTR_CALLER_NAME] = toldName(caller, "agent");
  }
  return call;
}

/** @throws the same. */
export function openWorkflow(name: unknown, { parent, args = [] }: Told = {}): Call {
  return workflowOpener(toldName(name, "workflow"), {})(args, parent);
}

export interface ToldTool extends Told, ToolOptions {
  readonly look?: ToolLook;
}

/** @throws the same, and the refusal of a limit. */
export function openTool(
  name: unknown,
  { parent = activeContext(), args = [], look, ...options }: ToldTool = {},
): Call {
  // A scope of its own tells what is inside of this tool from what its agent does beside it.
  const scope = Scope.within(activeScope(parent));
  return toolOpener(toldName(name, "tool"), options, look)(args, scope, parent);
}

/** @param mode `pass_control`: the target goes on alone. `return_to_caller`: its answer comes back. @throws as `openAgent`. */
export function openHandoff(
  target: unknown,
  mode: "pass_control" | "return_to_caller",
  { parent, args = [] }: Told = {},
): Call {
  return handoffOpener(toldName(target, "agent"), mode)(args, parent);
}
