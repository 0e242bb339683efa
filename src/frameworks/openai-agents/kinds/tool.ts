import type { Context } from "@opentelemetry/api";
import { captureToolResult } from "../../../agent/capture.ts";
import { openTool } from "../../../agent/told/told-calls.ts";
import { text } from "../../../instrumentation/fields.ts";
import type { Opened } from "../open-span.ts";
import type { Run } from "../run.ts";
import type { SdkSpan } from "../sdk.ts";
import { toldError } from "../told-error.ts";

/** A function tool, one of an MCP server, or an agent as a tool: the agent inside of it is called by the agent around it. */
export function openToolSpan(span: SdkSpan, parent: Context, run: Run): Opened {
  const capture = run.options.capture === true;
  const input = text(span.spanData, "input");
  const call = openTool(text(span.spanData, "name"), {
    parent,
    // Where the arguments are withheld, no two calls are known to be the same.
    args: [input ?? span.spanId],
    capture: capture && input !== undefined,
  });
  return {
    context: call.context,
    finish({ spanData, error }, left) {
      const output = text(spanData, "output");
      if (capture && output !== undefined) captureToolResult(call.attributes, output);
      if (error !== null) call.fail(toldError(error, run.seen));
      else if (left) call.leave();
      else call.end();
    },
  };
}
