import type { Context } from "@opentelemetry/api";
import { openAgentRun } from "./kinds/agent-run.ts";
import { openEmbedding, openInference } from "./kinds/inference.ts";
import { openStep } from "./kinds/step.ts";
import { openToolCall } from "./kinds/tool-call.ts";
import { openWorkflowRun } from "./kinds/workflow-run.ts";
import type { MastraExportedSpan, MastraSpanOptions } from "./mastra-span.ts";

/** What a span of Mastra is with us. */
export interface OpenSpan {
  /** For what is inside of it. */
  readonly context: Context;
  /** Of a span of ours that is open already. */
  readonly spanId?: string | undefined;
  readonly isModelCall?: boolean;
  readonly around: OpenSpan | undefined;
  /** Mastra asks the provider in the step around the model call: what runs there is inside of this. */
  inner?: OpenSpan | undefined;
  /** Of an agent: model calls that failed, of which only the end of the agent tells why. */
  readonly failing?: ((error: Error) => void)[];
  /** A piece of a streamed answer arrived. */
  chunk?(): void;
  /** Of a model call: its answer is there, though Mastra ends it only after the tools that it asks for. */
  answered?(): void;
  updated?(span: MastraExportedSpan): void;
  end(span: MastraExportedSpan): void;
  fail(error: unknown): void;
  /** Nobody will tell of its end. */
  leave(): void;
}

/** The agent that `span` is inside of. */
export function agentAround(span: OpenSpan | undefined): OpenSpan | undefined {
  for (let each = span; each !== undefined; each = each.around) if (each.failing !== undefined) return each;
  return undefined;
}

/** Where the time went; no call of an agent, tool or model. */
const STEPS: ReadonlySet<string> = new Set([
  "generic",
  "graph_action",
  "memory_operation",
  "processor_run",
  "rag_action",
  "rag_ingestion",
  "rag_vector_operation",
  "scorer_run",
  "workflow_conditional",
  "workflow_loop",
  "workflow_parallel",
  "workflow_sleep",
  "workflow_step",
  "workflow_wait_event",
  "workspace_action",
]);

/** @returns `undefined` where what is inside of it is inside of what is around it. @throws the refusal of a limit. */
export function openSpan(
  options: MastraSpanOptions,
  parent: Context,
  around: OpenSpan | undefined,
  capture: boolean,
): OpenSpan | undefined {
  switch (options.type) {
    case "agent_run":
      return openAgentRun(options, parent, around);
    case "workflow_run":
      return openWorkflowRun(options, parent, around);
    case "tool_call":
    case "mcp_tool_call":
      return openToolCall(options, parent, around, capture);
    case "model_step":
      return transparent(parent, around);
    case "model_inference":
      return openInference(options, parent, around);
    case "rag_embedding":
      return openEmbedding(options, parent, around);
    default:
      return STEPS.has(options.type) ? openStep(options, parent, around) : undefined;
  }
}

function transparent(context: Context, around: OpenSpan | undefined): OpenSpan {
  const span: OpenSpan = {
    context,
    around,
    chunk: () => span.inner?.chunk?.(),
    answered: () => span.inner?.answered?.(),
    updated: (told) => span.inner?.updated?.(told),
    end() {},
    fail() {},
    leave() {},
  };
  return span;
}
