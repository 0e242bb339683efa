import type { Context } from "@opentelemetry/api";
import { openHandoff } from "../../../agent/told/told-calls.ts";
import { text } from "../../../instrumentation/fields.ts";
import type { Opened } from "../open-span.ts";
import type { Run } from "../run.ts";

/** The target is known when the handoff is over. It goes on beside the agent that handed over, whose span ends: control has passed. */
export function handoffSpan(parent: Context, run: Run): Opened {
  return {
    context: parent,
    finish({ spanData }) {
      const to = text(spanData, "to_agent");
      // It failed before there was a target.
      if (to === undefined) return;
      run.opening(parent, (within) => openHandoff(to, "pass_control", { parent: within }).end());
    },
  };
}
