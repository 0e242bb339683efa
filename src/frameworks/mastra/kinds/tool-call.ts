import type { Context } from "@opentelemetry/api";
import { captureToolResult } from "../../../agent/capture.ts";
import { openTool } from "../../../agent/told/told-calls.ts";
import { saysFailure } from "../error-of.ts";
import type { MastraSpanOptions } from "../mastra-span.ts";
import type { OpenSpan } from "../open-span.ts";
import { callSpan } from "./call-span.ts";

/** A tool of the program, of an MCP server, or an agent or workflow that another agent calls as its tool. */
export function openToolCall(
  { entityName, entityId, input }: MastraSpanOptions,
  parent: Context,
  around: OpenSpan | undefined,
  capture: boolean,
): OpenSpan {
  around?.answered?.();
  const call = openTool(entityName ?? entityId, { parent, args: [input], capture });
  const span = callSpan(call, around, ({ output }) => {
    if (capture && output !== undefined) captureToolResult(call.attributes, output);
  });
  return {
    ...span,
    end(told) {
      if (told.errorInfo === undefined && saysFailure(told.attributes))
        call.fail(new Error("the tool failed"));
      else span.end(told);
    },
  };
}
