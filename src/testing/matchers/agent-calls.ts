import {
  ATTR_AGENT_NAME,
  ATTR_CALLER_NAME,
  ATTR_OPERATION,
  ATTR_TRANSFER_TARGET,
  OP_INVOKE_AGENT,
} from "../../telemetry/semconv.ts";
import type { TraceSpan } from "../../telemetry/trace-span.ts";

/** An agent that came to work. */
export interface AgentCall {
  readonly name: string;
  /** The agent that called it or handed over to it; `undefined`: none. */
  readonly by: string | undefined;
  readonly span: TraceSpan;
}

/**
 * Who came to work, in order: each `invoke_agent` span when it started, and each handoff when it was made. A handoff and the call that it
 * leads to, the next one of that trace when it is of the target, are one.
 *
 * @param spans In the order in which they were started.
 */
export function agentCalls(spans: readonly TraceSpan[]): AgentCall[] {
  const calls: (AgentCall & { readonly isHandoff: boolean })[] = [];
  const last = new Map<string, number>();
  for (const span of spans) {
    const call = callOf(span);
    if (call === undefined) continue;
    const before = last.get(span.traceId);
    const handoff = before === undefined ? undefined : calls[before];
    if (before !== undefined && handoff?.isHandoff && !call.isHandoff && handoff.name === call.name) {
      calls[before] = { ...call, by: handoff.by };
      continue;
    }
    last.set(span.traceId, calls.length);
    calls.push(call);
  }
  return calls;
}

function callOf(span: TraceSpan): (AgentCall & { readonly isHandoff: boolean }) | undefined {
  const { attributes } = span;
  const target = text(attributes[ATTR_TRANSFER_TARGET]);
  const agent = text(attributes[ATTR_AGENT_NAME]);
  if (target !== undefined) return { name: target, by: agent, span, isHandoff: true };
  if (attributes[ATTR_OPERATION] !== OP_INVOKE_AGENT || agent === undefined) return undefined;
  return { name: agent, by: text(attributes[ATTR_CALLER_NAME]), span, isHandoff: false };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
