import type { Call } from "../../agent/call.ts";
import { captureToolResult } from "../../agent/capture.ts";
import { openTool } from "../../agent/told/told-calls.ts";
import { isAgentError } from "../../errors/agent-error.ts";
import { field, text } from "../../instrumentation/fields.ts";
import { reportFailure, safely } from "../../internal/warn-once.ts";
import type { HookedCall } from "./hooks.ts";
import { shownError, showsInputs, showsOutputs } from "./kept-back.ts";
import type { Operation } from "./operation.ts";

/** Runs a tool. What is thrown here, the refusal of a limit too, the AI SDK gives to the model as the tool's error. */
export async function runTool<T>(hooked: HookedCall<T>, operation: Operation, capture: boolean): Promise<T> {
  const toolCall = field(hooked, "toolCall");
  const id = text(hooked, "toolCallId") ?? "";
  const shown = showsInputs(hooked);
  let call: Call;
  try {
    call = openTool(text(toolCall, "toolName"), {
      parent: operation.context,
      // Without arguments all its calls would look like repetitions of one.
      args: [shown ? field(toolCall, "input") : id],
      capture: capture && shown,
    });
  } catch (error) {
    if (isAgentError(error)) throw error;
    reportFailure("opening a tool of the AI SDK", error);
    return hooked.execute();
  }
  try {
    const result = await call.run(hooked.execute);
    if (capture && operation.isOpen && showsOutputs(hooked)) operation.awaitResult(id, call);
    else call.end();
    return result;
  } catch (error) {
    call.fail(shownError(hooked, error));
    throw error;
  }
}

/** Ends a tool whose result was waited for. */
export function toolEnded(event: unknown, operation: Operation): void {
  const id = text(field(event, "toolCall"), "toolCallId");
  const call = id === undefined ? undefined : operation.takeTool(id);
  if (call === undefined) return;
  safely("capturing a tool's result", () =>
    captureToolResult(call.attributes, field(field(event, "toolOutput"), "output")),
  );
  call.end();
}
