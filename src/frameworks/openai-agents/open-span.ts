import type { Context } from "@opentelemetry/api";
import { isAgentError } from "../../errors/agent-error.ts";
import { text } from "../../instrumentation/fields.ts";
import { reportFailure, safely } from "../../internal/warn-once.ts";
import type { Entry } from "./entry.ts";
import { openAgentSpan } from "./kinds/agent.ts";
import { openGuardrail } from "./kinds/guardrail.ts";
import { handoffSpan } from "./kinds/handoff.ts";
import { openModelSpan } from "./kinds/model.ts";
import { openStep } from "./kinds/step.ts";
import { openToolSpan } from "./kinds/tool.ts";
import type { Run } from "./run.ts";
import type { SdkSpan } from "./sdk.ts";

/** What a span of the SDK is with us. */
export interface Opened {
  /** For what is inside of it. */
  readonly context: Context;
  /** @param left Nobody will tell of its end. */
  finish(span: SdkSpan, left: boolean): void;
}

/** Never throws: what a limit refuses is kept for the next model call, where the SDK can be stopped. */
export function openSpan(entry: Entry, parent: Context, run: Run): Opened {
  try {
    const opened = byKind(entry, parent, run);
    return {
      context: opened.context,
      finish: (span, left) =>
        safely("ending a span of the OpenAI Agents SDK", () => opened.finish(span, left)),
    };
  } catch (error) {
    if (isAgentError(error)) run.refused(error);
    else reportFailure("beginning a span of the OpenAI Agents SDK", error);
    return transparent(parent);
  }
}

/** No span of ours: what is inside of it is inside of what is around it. */
export function transparent(parent: Context): Opened {
  return { context: parent, finish() {} };
}

function byKind(entry: Entry, parent: Context, run: Run): Opened {
  const { span } = entry;
  const { type } = span.spanData;
  switch (type) {
    case "agent":
      return openAgentSpan(span, parent, run);
    case "function":
      return openToolSpan(span, parent, run);
    case "handoff":
      return handoffSpan(parent, run);
    case "guardrail":
      return openGuardrail(span, parent);
    case "response":
    case "generation":
      return openModelSpan(span, parent, run);
    // The workflow around a task or the agent inside of it is the span; a turn is a step of its agent.
    case "task":
    case "turn":
      return transparent(parent);
    case "mcp_tools":
      return openStep("list_tools", parent);
    default:
      return openStep(text(span.spanData, "name") ?? type, parent);
  }
}
