import { type Attributes, type Context, SpanKind } from "@opentelemetry/api";
import { checkFunction, checkName } from "../internal/check-name.ts";
import { TOOL_MARK } from "../internal/tool-mark.ts";
import {
  ATTR_OPERATION,
  ATTR_TOOL_DESCRIPTION,
  ATTR_TOOL_NAME,
  ATTR_TOOL_REPEATABLE,
  ATTR_TOOL_TYPE,
  OP_EXECUTE_TOOL,
} from "../telemetry/semconv.ts";
import { activeScope } from "./active-scope.ts";
import { Call, type CallKind } from "./call.ts";
import { askBeforeToolCall } from "./call-guard.ts";
import { captureToolCall, captureToolResult } from "./capture.ts";
import { boundGiven, boundValues } from "./content/attribute-limits.ts";
import { runWatch } from "./run-watch.ts";
import type { Scope } from "./scope.ts";
import { addAgent } from "./scope-attributes.ts";
import { type AnyFunction, wrapFunction } from "./wrap-function.ts";

/** Options of {@link tool}. */
export interface ToolOptions {
  readonly description?: string;
  /** `function` runs here, `extension` on the provider's side, `datastore` reads data. @default "function" */
  readonly type?: "function" | "extension" | "datastore";
  /** It polls: to call it again with the same arguments is no failure (`agents.tool.repeatable`). @default false */
  readonly repeatable?: boolean;
  /** More attributes for each of its spans. */
  readonly attributes?: Attributes;
  /** Puts arguments and result on the span, with secrets redacted and cut to 4 KiB each. @default false */
  readonly capture?: boolean;
}

/**
 * Makes a tool of a function: each call becomes a span `execute_tool {name}` with the name of the agent that made it. An
 * agent that is called inside a tool has that agent as its caller.
 *
 * The result has the type of `fn`; see {@link agent} for which functions work.
 *
 * @param name Low in cardinality. 1 to 128 characters.
 * @throws TypeError at once, when the name or the function is unfit. A call throws the refusal of a limit, and the function does not run.
 */
export function tool<F extends AnyFunction>(name: string, fn: F, options: ToolOptions = {}): F {
  checkName("tool", name);
  checkFunction(`tool "${name}"`, fn);
  const open = toolOpener(name, options);
  const wrapped = wrapFunction(fn, {
    name,
    open: (args) => open(args, activeScope()?.outsideModelCall()),
    ...(options.capture
      ? { result: (call: Call, value: unknown) => captureToolResult(call.attributes, value) }
      : {}),
  });
  return Object.defineProperty(wrapped, TOOL_MARK, { value: name, configurable: true });
}

/** Opens a call of one tool. @throws the refusal of a limit. */
export type ToolOpener = (args: readonly unknown[], scope: Scope | undefined, parent?: Context) => Call;

/** Of a span whose convention is another one: that of a protocol by which tools are called. */
export interface ToolLook {
  readonly spanName?: string;
  readonly spanKind?: SpanKind;
}

/** What is the same for every call of a tool, made once: what is left opens one for the agent of `scope`. */
export function toolOpener(name: string, options: ToolOptions, look: ToolLook = {}): ToolOpener {
  const type = options.type ?? "function";
  const kind: CallKind = {
    spanName: look.spanName ?? `${OP_EXECUTE_TOOL} ${name}`,
    spanKind: look.spanKind ?? SpanKind.INTERNAL,
    startAttributes: { [ATTR_OPERATION]: OP_EXECUTE_TOOL, [ATTR_TOOL_NAME]: name, [ATTR_TOOL_TYPE]: type },
  };
  const fixed = boundValues({
    ...boundGiven(options.attributes),
    ...kind.startAttributes,
    ...(options.description === undefined ? {} : { [ATTR_TOOL_DESCRIPTION]: options.description }),
    ...(options.repeatable ? { [ATTR_TOOL_REPEATABLE]: true } : {}),
  });
  return (args, scope, parent) => {
    askBeforeToolCall(name, scope);
    const attributes = { ...fixed };
    addAgent(attributes, scope);
    const step = runWatch.begins(OP_EXECUTE_TOOL, args, attributes, scope);
    if (scope !== undefined) scope.own.toolCalls += 1;
    if (options.capture) captureToolCall(attributes, args);
    const call = new Call(kind, scope, attributes, undefined, parent);
    runWatch.started(step, call);
    return call;
  };
}
