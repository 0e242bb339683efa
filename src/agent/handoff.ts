import { type Attributes, type Context, SpanKind } from "@opentelemetry/api";
import { isAgentError } from "../errors/agent-error.ts";
import { checkName } from "../internal/check-name.ts";
import { reportFailure } from "../internal/warn-once.ts";
import {
  ATTR_OPERATION,
  ATTR_TOOL_NAME,
  ATTR_TRANSFER_MODE,
  ATTR_TRANSFER_TARGET,
  OP_EXECUTE_TOOL,
} from "../telemetry/semconv.ts";
import { activeContext, activeScope } from "./active-scope.ts";
import { agentNameOf } from "./agent-name.ts";
import { Call, type CallKind } from "./call.ts";
import { runWatch } from "./run-watch.ts";
import { addAgent } from "./scope-attributes.ts";
import { type AnyFunction, wrapFunction } from "./wrap-function.ts";

/** Options of {@link handoff}. */
export interface HandoffOptions {
  /** `pass_control`: the target goes on alone. `return_to_caller`: its answer comes back. @default "pass_control" */
  readonly mode?: "pass_control" | "return_to_caller";
}

/**
 * Marks that one agent hands over to another: a span `execute_tool transfer_to_{target} {target}` with `gen_ai.transfer.*`,
 * as the proposal for the GenAI conventions has it.
 *
 * With an agent's name the handoff is recorded now, for a loop that switches agents itself. With a function it returns that
 * function wrapped: each call is a handoff, and the target runs inside.
 *
 * @throws TypeError when the target is neither a name of 1 to 128 characters nor a named function; the refusal of a run that
 *   `failureModes` has stopped.
 */
export function handoff(target: string, options?: HandoffOptions): void;
export function handoff<F extends AnyFunction>(
  target: F,
  options?: HandoffOptions & { readonly name?: string },
): F;
export function handoff(
  target: string | AnyFunction,
  options: HandoffOptions & { readonly name?: string } = {},
): AnyFunction | undefined {
  const name = typeof target === "function" ? (options.name ?? agentNameOf(target) ?? target.name) : target;
  checkName("handoff", name);
  const open = handoffOpener(name, options.mode ?? "pass_control");
  if (typeof target === "function") return wrapFunction(target, { name, open: (args) => open(args) });
  try {
    open([]).end();
  } catch (error) {
    if (isAgentError(error)) throw error;
    reportFailure("a handoff", error);
  }
  return undefined;
}

/** Opens a handoff to one agent. */
export type HandoffOpener = (args: readonly unknown[], parent?: Context) => Call;

/** What is the same for every handoff to an agent, made once: what is left opens one. */
export function handoffOpener(name: string, mode: NonNullable<HandoffOptions["mode"]>): HandoffOpener {
  const tool = `transfer_to_${name}`;
  const kind: CallKind = {
    spanName: `${OP_EXECUTE_TOOL} ${tool} ${name}`,
    spanKind: SpanKind.INTERNAL,
    startAttributes: {
      [ATTR_OPERATION]: OP_EXECUTE_TOOL,
      [ATTR_TOOL_NAME]: tool,
      [ATTR_TRANSFER_TARGET]: name,
      [ATTR_TRANSFER_MODE]: mode,
    },
  };
  return (args, parent = activeContext()) => {
    const scope = activeScope(parent);
    const attributes: Attributes = { ...kind.startAttributes };
    addAgent(attributes, scope);
    const step = runWatch.begins(OP_EXECUTE_TOOL, args, attributes, scope);
    if (scope !== undefined) scope.own.toolCalls += 1;
    const call = new Call(kind, scope, attributes, undefined, parent);
    runWatch.started(step, call);
    return call;
  };
}
