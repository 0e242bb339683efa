import type { Context } from "@opentelemetry/api";
import { field, text } from "../../../instrumentation/fields.ts";
import { ATTR_GUARDRAIL_NAME, ATTR_GUARDRAIL_TRIGGERED, SPAN_GUARDRAIL } from "../../../telemetry/semconv.ts";
import type { Opened } from "../open-span.ts";
import type { SdkSpan } from "../sdk.ts";
import { openStep } from "./step.ts";

/** A check of what goes into an agent or comes out. That it was triggered is its answer and no failure of it: the agent has failed. */
export function openGuardrail({ spanData }: SdkSpan, parent: Context): Opened {
  const name = (text(spanData, "name") ?? "unnamed").slice(0, 128);
  return openStep(`${SPAN_GUARDRAIL} ${name}`, parent, { [ATTR_GUARDRAIL_NAME]: name }, (data) => ({
    [ATTR_GUARDRAIL_TRIGGERED]: field(data, "triggered") === true,
  }));
}
