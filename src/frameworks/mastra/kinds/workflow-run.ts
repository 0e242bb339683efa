import type { Context } from "@opentelemetry/api";
import { openWorkflow } from "../../../agent/told/told-calls.ts";
import type { MastraSpanOptions } from "../mastra-span.ts";
import type { OpenSpan } from "../open-span.ts";
import { callSpan } from "./call-span.ts";

export function openWorkflowRun(
  { entityName, entityId, input }: MastraSpanOptions,
  parent: Context,
  around: OpenSpan | undefined,
): OpenSpan {
  return callSpan(openWorkflow(entityName ?? entityId, { parent, args: [input] }), around);
}
