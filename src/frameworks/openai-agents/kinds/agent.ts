import type { Context } from "@opentelemetry/api";
import { openAgent } from "../../../agent/told/told-calls.ts";
import { field, text } from "../../../instrumentation/fields.ts";
import type { Opened } from "../open-span.ts";
import type { Run } from "../run.ts";
import type { SdkSpan } from "../sdk.ts";
import { toldError } from "../told-error.ts";

/** An agent's turns until it is done or hands over. */
export function openAgentSpan(span: SdkSpan, parent: Context, run: Run): Opened {
  const name = text(span.spanData, "name");
  const caller = run.takeHandoff(span.parentId, name);
  const tools = field(span.spanData, "tools");
  const call = openAgent(name, {
    parent,
    // Two runs of an agent with the same question are no loop: the SDK does not tell the questions.
    args: [span.spanId],
    ...(Array.isArray(tools) ? { tools: tools.filter((tool) => typeof tool === "string") } : {}),
    ...(caller === undefined ? {} : { caller }),
  });
  return {
    context: call.context,
    finish({ error }, left) {
      if (error !== null) call.fail(toldError(error, run.seen));
      else if (left) call.leave();
      else call.end();
    },
  };
}
