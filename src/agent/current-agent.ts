import { type SpanContext, trace } from "@opentelemetry/api";
import { reportFailure } from "../internal/warn-once.ts";
import type { CallTotals } from "../telemetry/call-record.ts";
import { activeContext, activeScope } from "./active-scope.ts";

/** Who is at work right now: see {@link currentAgent}. */
export interface CurrentAgent {
  /** The innermost agent, absent directly below a workflow. */
  readonly name: string | undefined;
  readonly workflow: string | undefined;
  readonly conversation: string | undefined;
  /** Ids of the active span, for log lines; absent without an SDK. */
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** Model calls so far of this agent call itself. Money in integer nano-dollars. */
  readonly own: CallTotals;
  /** The same with all agents below it. */
  readonly subtree: CallTotals;
  /** The same for the whole request: everything below the first agent or workflow. */
  readonly request: CallTotals;
}

/** @returns Who is at work in this place of the program, with totals so far, or `undefined` outside of any agent. */
export function currentAgent(): CurrentAgent | undefined {
  const scope = activeScope();
  if (scope?.name === undefined) return undefined;
  let root = scope;
  while (root.parent?.name !== undefined) root = root.parent;
  const span = activeSpan();
  return {
    name: scope.agent,
    workflow: scope.workflow,
    conversation: scope.conversation,
    traceId: span?.traceId,
    spanId: span?.spanId,
    own: scope.own.snapshot(),
    subtree: scope.subtree.snapshot(),
    request: root.subtree.snapshot(),
  };
}

function activeSpan(): SpanContext | undefined {
  try {
    return trace.getSpanContext(activeContext());
  } catch (error) {
    reportFailure("reading a span's ids", error);
    return undefined;
  }
}
