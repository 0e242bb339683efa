import type { Attributes } from "@opentelemetry/api";
import { redactMessage } from "../../internal/redact.ts";
import { errorMessage, errorType } from "../../telemetry/error-type.ts";
import { ATTR_TOOL_CALL_ID, VALUE_OTHER } from "../../telemetry/semconv.ts";
import type { Scope } from "../scope.ts";
import { type ToolOptions, tool } from "../tool.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";
import type { KnownTool } from "./options.ts";
import { shownName, ToolRefusal, tellRefusal } from "./refusal.ts";
import { stopsRun } from "./stops-run.ts";
import { resultText, type ToolAnswer, type ToolRefusalReason } from "./tool-answer.ts";
import type { GuardedCall, ReadCall } from "./tool-call.ts";

interface RefusedCall {
  readonly call: ReadCall;
  readonly known: KnownTool | undefined;
  readonly scope: Scope | undefined;
  readonly reason: ToolRefusalReason;
  readonly text: string;
  readonly problems: readonly string[];
}

/**
 * A refused call is one that failed: with a span, a record, and a place in the limits of the run, so that a model that asks for the
 * same nonsense for ever is stopped like any other. Tools that do not exist are all `_OTHER`.
 *
 * @throws what ends the run.
 */
export function answerRefused({ call, known, scope, reason, text, problems }: RefusedCall): ToolAnswer {
  const refusal = new ToolRefusal(reason);
  const refuse = (..._given: unknown[]): never => {
    tellRefusal({ reason, requested: call.name, tool: known?.name, agent: scope?.agent, problems });
    throw refusal;
  };
  try {
    tool(known?.name ?? VALUE_OTHER, refuse, optionsOf(known, call.id))(call.name, shortArguments(call));
  } catch (error) {
    if (error !== refusal) throw error;
  }
  return { outcome: "refused", id: call.id, name: shownName(call.name), reason, text, problems };
}

/**
 * Runs a call that was let through.
 *
 * @param hasSpan `run` makes the span of the tool itself.
 * @throws what ends the run.
 */
export function answerRun(
  known: KnownTool,
  call: GuardedCall,
  run: (call: GuardedCall) => unknown,
  hasSpan: boolean,
): MaybePromise<ToolAnswer> {
  const { id, name } = call;
  const ok = (value: unknown): ToolAnswer => ({ outcome: "ok", id, name, value, text: resultText(value) });
  const failed = (error: unknown): ToolAnswer => {
    if (stopsRun(error)) throw error;
    return { outcome: "failed", id, name, error, text: failureText(name, error) };
  };
  try {
    const ran = hasSpan
      ? run(call)
      : // Only the arguments: who looks for repeated calls compares them, and each call has another id.
        tool(name, (_args: unknown) => run(call), optionsOf(known, id))(call.arguments);
    return isThenable(ran) ? ran.then(ok, failed) : ok(ran);
  } catch (error) {
    return failed(error);
  }
}

function optionsOf(known: KnownTool | undefined, id: string | undefined): ToolOptions {
  const attributes: Attributes = id === undefined ? {} : { [ATTR_TOOL_CALL_ID]: id };
  return known?.description === undefined ? { attributes } : { attributes, description: known.description };
}

/** Looked at by who looks for repeated calls; what is too long for a tool is too long for that. */
function shortArguments({ arguments: given }: ReadCall): unknown {
  return typeof given === "string" && given.length > 65_536 ? given.length : given;
}

function failureText(name: string, error: unknown): string {
  const message = errorMessage(error);
  const what = message === undefined ? errorType(error) : redactMessage(message);
  return `The tool ${JSON.stringify(name)} failed: ${what}`;
}
