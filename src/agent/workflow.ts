import { type Attributes, type Context, SpanKind } from "@opentelemetry/api";
import { checkFunction, checkName } from "../internal/check-name.ts";
import {
  ATTR_AGENT_NAME,
  ATTR_OPERATION,
  ATTR_WORKFLOW_NAME,
  ATTR_WORKFLOW_REQUIRES,
  OP_INVOKE_WORKFLOW,
  OP_PLAN,
} from "../telemetry/semconv.ts";
import { activeContext, activeScope } from "./active-scope.ts";
import { Call, type CallKind } from "./call.ts";
import { namesOf } from "./declarations.ts";
import { runLog } from "./run-log.ts";
import { runWatch } from "./run-watch.ts";
import { Scope } from "./scope.ts";
import { addCaller, addTotals } from "./scope-attributes.ts";
import { type AnyFunction, wrapFunction } from "./wrap-function.ts";

/** Options of {@link workflow}. */
export interface WorkflowOptions {
  /** Agents, workflows and tools without which it is not done (`agents.workflow.requires`): see `failureModes`. */
  readonly requires?: readonly string[];
}

/**
 * Makes a workflow of a function: each call becomes a span `invoke_workflow {name}`, and the agents below have the workflow
 * as their caller. For what coordinates agents without being one.
 *
 * @param name Low in cardinality. 1 to 128 characters.
 * @throws TypeError at once, when the name, the function or an option is unfit.
 */
export function workflow<F extends AnyFunction>(name: string, fn: F, options: WorkflowOptions = {}): F {
  checkName("workflow", name);
  checkFunction(`workflow "${name}"`, fn);
  const open = workflowOpener(name, options);
  return wrapFunction(fn, { name, open: (args) => open(args) });
}

/** Opens a run of one workflow. */
export type WorkflowOpener = (args: readonly unknown[], parent?: Context) => Call;

/** What is the same for every run of a workflow, made once: what is left opens one. @throws TypeError on an unfit option. */
export function workflowOpener(name: string, { requires }: WorkflowOptions): WorkflowOpener {
  const kind: CallKind = {
    spanName: `${OP_INVOKE_WORKFLOW} ${name}`,
    spanKind: SpanKind.INTERNAL,
    startAttributes: { [ATTR_OPERATION]: OP_INVOKE_WORKFLOW, [ATTR_WORKFLOW_NAME]: name },
    finishing(call, outcome) {
      addTotals(call.attributes, call.scope);
      runLog.finishing(name, call, outcome);
    },
  };
  const fixed: Attributes = {
    ...kind.startAttributes,
    ...(requires && { [ATTR_WORKFLOW_REQUIRES]: namesOf(`workflow "${name}": requires`, requires) }),
  };
  return (args, parent = activeContext()) => {
    const caller = activeScope(parent);
    const attributes = { ...fixed };
    addCaller(attributes, caller);
    const step = runWatch.begins(OP_INVOKE_WORKFLOW, args, attributes, caller);
    const call = new Call(kind, Scope.workflow(caller, name, step), attributes, undefined, parent);
    runWatch.started(step, call);
    runLog.started(name, call);
    return call;
  };
}

/**
 * Marks the planning step of an agent: each call becomes a span `plan {name}`, with the model call that makes the plan as
 * its child. Model calls inside count as those of the agent `name`.
 *
 * @param name The agent that plans. 1 to 128 characters.
 * @throws TypeError at once, when the name or the function is unfit.
 */
export function plan<F extends AnyFunction>(name: string, fn: F): F {
  checkName("plan", name);
  checkFunction(`plan "${name}"`, fn);
  const kind: CallKind = {
    spanName: `${OP_PLAN} ${name}`,
    spanKind: SpanKind.INTERNAL,
    startAttributes: { [ATTR_OPERATION]: OP_PLAN, [ATTR_AGENT_NAME]: name },
  };
  return wrapFunction(fn, {
    name,
    open() {
      const caller = activeScope();
      const attributes = { ...kind.startAttributes };
      addCaller(attributes, caller);
      // An agent that plans for itself stays one agent, with one set of totals.
      const scope = caller?.agent === name ? caller : Scope.agent(caller, name);
      return new Call(kind, scope, attributes);
    },
  });
}
