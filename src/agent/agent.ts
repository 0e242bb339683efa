import { type Attributes, type Context, SpanKind } from "@opentelemetry/api";
import { checkFunction, checkName } from "../internal/check-name.ts";
import {
  ATTR_AGENT_DESCRIPTION,
  ATTR_AGENT_NAME,
  ATTR_AGENT_TOOLS,
  ATTR_AGENT_VERSION,
  ATTR_OPERATION,
  OP_INVOKE_AGENT,
} from "../telemetry/semconv.ts";
import { activeContext, activeScope } from "./active-scope.ts";
import { markAgent } from "./agent-name.ts";
import { Call, type CallKind } from "./call.ts";
import { captureInput, captureOutput } from "./capture.ts";
import { boundGiven, boundValues } from "./content/attribute-limits.ts";
import { declarations } from "./declarations.ts";
import { runLog } from "./run-log.ts";
import { runWatch } from "./run-watch.ts";
import { Scope } from "./scope.ts";
import { addCaller, addTotals } from "./scope-attributes.ts";
import { type AnyFunction, wrapFunction } from "./wrap-function.ts";

/** Options of {@link agent}. */
export interface AgentOptions {
  /** What the agent is for, in a sentence (`gen_ai.agent.description`). */
  readonly description?: string;
  /** Version of the agent's prompt and code (`gen_ai.agent.version`). */
  readonly version?: string;
  /** Names of the tools that this agent was given (`agents.tools`), so that use of another one shows; `toolGuard` refuses it. */
  readonly tools?: readonly string[];
  /** More attributes for each of its spans. Never ids of users: they are kept as long as the trace. */
  readonly attributes?: Attributes;
  /**
   * Whose work it checks (`agents.verifies`): the agents named, or with `true` whichever ran right before it. With names, work of those that
   * nobody checks is found too; with `true` only what is made anew after the check. See `failureModes`.
   */
  readonly verifies?: true | readonly string[];
  /** Model calls that one call of it may make (`agents.max_iterations`), for `failureModes`; `limits` enforces such a limit. */
  readonly maxIterations?: number;
  /** Milliseconds that its callers give it (`agents.timeout`), for `failureModes`; `timeout` enforces them. */
  readonly timeoutMs?: number;
  /** Puts arguments and result on the span, with secrets redacted and cut to 4 KiB each. @default false */
  readonly capture?: boolean;
}

/**
 * Makes an agent of a function: each call becomes a span `invoke_agent {name}`, and every model call, tool and agent below
 * it is known to be its own, through promises, timers, generators and streams.
 *
 * The result has the type of `fn`. Sync functions, async functions, (async) generators and ReadableStreams all work; the call
 * lasts until the last item. Without an SDK it costs next to nothing, and totals and limits still count.
 *
 * @param name Low in cardinality: it becomes a span name and a metric label. 1 to 128 characters.
 * @throws TypeError or RangeError at once, when the name, the function or an option is unfit.
 */
export function agent<F extends AnyFunction>(name: string, fn: F, options: AgentOptions = {}): F {
  checkName("agent", name);
  checkFunction(`agent "${name}"`, fn);
  const open = agentOpener(name, options);
  const wrapped = wrapFunction(fn, {
    name,
    open: (args) => open(args),
    ...(options.capture
      ? { result: (call: Call, value: unknown) => captureOutput(call.attributes, value) }
      : {}),
  });
  return markAgent(wrapped, name);
}

/** Opens a call of one agent. */
export type AgentOpener = (args: readonly unknown[], parent?: Context) => Call;

/** What is the same for every call of an agent, made once: what is left opens one. @throws RangeError or TypeError on an unfit option. */
export function agentOpener(name: string, options: AgentOptions): AgentOpener {
  const kind: CallKind = {
    spanName: `${OP_INVOKE_AGENT} ${name}`,
    spanKind: SpanKind.INTERNAL,
    startAttributes: { [ATTR_OPERATION]: OP_INVOKE_AGENT, [ATTR_AGENT_NAME]: name },
    finishing(call, outcome) {
      addTotals(call.attributes, call.scope);
      runLog.finishing(name, call, outcome);
    },
  };
  const fixed = boundValues({
    ...boundGiven(options.attributes),
    ...kind.startAttributes,
    ...(options.description === undefined ? {} : { [ATTR_AGENT_DESCRIPTION]: options.description }),
    ...(options.version === undefined ? {} : { [ATTR_AGENT_VERSION]: options.version }),
    ...(options.tools === undefined ? {} : { [ATTR_AGENT_TOOLS]: [...options.tools] }),
    ...declarations(name, options),
  });
  const tools = options.tools && [...options.tools];
  return (args, parent = activeContext()) => {
    const caller = activeScope(parent);
    const attributes = { ...fixed };
    addCaller(attributes, caller);
    const step = runWatch.begins(OP_INVOKE_AGENT, args, attributes, caller);
    if (options.capture) captureInput(attributes, args);
    const call = new Call(kind, Scope.agent(caller, name, step, tools), attributes, undefined, parent);
    runWatch.started(step, call);
    runLog.started(name, call);
    return call;
  };
}
