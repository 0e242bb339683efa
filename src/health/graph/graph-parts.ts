import { OP_EXECUTE_TOOL, OP_INVOKE_AGENT, OP_INVOKE_WORKFLOW, OP_PLAN } from "../../telemetry/semconv.ts";
import type { RollupKey } from "../rollup/rollup-row.ts";

export type GraphNodeKind = "user" | "workflow" | "agent" | "tool" | "model";

/** Whom a call connects. */
export interface GraphPart {
  readonly kind: GraphNodeKind;
  readonly name: string;
  /** `agent:writer`, `tool:search`, `model:gpt-4o`, `workflow:article`, and `user`. */
  readonly id: string;
}

/** Who is outside of all agents and workflows: a person, a timer, the rest of the program. */
export const USER: GraphPart = { kind: "user", name: "user", id: "user" };

/** A name that nobody gave. */
const NAMELESS = "unknown";

export function graphPart(kind: Exclude<GraphNodeKind, "user">, name: string): GraphPart {
  const given = name === "" ? NAMELESS : name;
  return { kind, name: given, id: `${kind}:${given}` };
}

/** What was called. */
export function calledIn(key: RollupKey): GraphPart {
  switch (key.operation) {
    case OP_INVOKE_AGENT:
    case OP_PLAN:
      return graphPart("agent", key.agent);
    case OP_INVOKE_WORKFLOW:
      return graphPart("workflow", key.workflow);
    case OP_EXECUTE_TOOL:
      return graphPart("tool", key.tool);
    default:
      return graphPart("model", key.model || key.provider);
  }
}

/** Who called. Model and tool calls outside of agents are the user's. */
export function callerOf(key: RollupKey): GraphPart {
  if (isRun(key)) return key.callerType === "" ? USER : graphPart(key.callerType, key.caller);
  if (key.agent !== "") return graphPart("agent", key.agent);
  return key.workflow === "" ? USER : graphPart("workflow", key.workflow);
}

/** As `handoff` and the agent libraries name the tool that passes control. */
const HANDOFF = "transfer_to_";

/** Handoffs after which their caller is seen to have called that agent: the two are one edge, and the tool would be another node. */
export function handoffsThatRan<T extends RollupKey>(rows: readonly T[]): ReadonlySet<T> {
  const called = new Set(rows.filter(isRun).map((row) => edgeText(callerOf(row), calledIn(row))));
  return new Set(
    rows.filter(
      (row) =>
        row.operation === OP_EXECUTE_TOOL &&
        row.tool.startsWith(HANDOFF) &&
        called.has(edgeText(callerOf(row), graphPart("agent", row.tool.slice(HANDOFF.length)))),
    ),
  );
}

function edgeText(source: GraphPart, target: GraphPart): string {
  return JSON.stringify([source.id, target.id]);
}

/** Whether it has calls below it, which its cost includes. */
export function isRun({ operation }: RollupKey): boolean {
  return operation === OP_INVOKE_AGENT || operation === OP_INVOKE_WORKFLOW || operation === OP_PLAN;
}

/** A plan that an agent makes for itself is a part of its run. */
export function isPartOfRun(key: RollupKey): boolean {
  return key.operation === OP_PLAN && key.callerType === "agent" && key.caller === key.agent;
}
