import {
  ATTR_AGENT_NAME,
  ATTR_CALL_DIGEST,
  ATTR_OPERATION,
  ATTR_TOOL_DIGEST,
  ATTR_TOOL_NAME,
  ATTR_TOOL_REPEATABLE,
  ATTR_TRANSFER_TARGET,
  ATTR_WORKFLOW_NAME,
  OP_EXECUTE_TOOL,
  OP_INVOKE_AGENT,
  OP_INVOKE_WORKFLOW,
} from "../../telemetry/semconv.ts";
import type { TraceSpan } from "../../telemetry/trace-span.ts";
import { overlap } from "../start-order.ts";

/** The same calls again and again. */
export interface NamedLoop {
  /** The agent or workflow that makes them; `undefined` where they call one another. */
  readonly owner: string | undefined;
  /** Of one round. */
  readonly names: readonly string[];
  readonly rounds: number;
}

/** Longest round that is looked for, as in `loops` of `failureModes`. */
const MAX_ROUND = 6;
/** A chain of calls that is longer stands in a ring of spans. */
const MAX_CHAIN = 1_000;
const MAX_SIDE_BY_SIDE = 1_000;

/**
 * Loops by the names of calls alone, for spans that say nothing of their arguments: the same round of 1 to 6 tools and agents, one after the
 * other, so many times in the calls of one agent; or in the chain of agents that call one another.
 *
 * @param spans In the order in which they were started.
 */
export function namedLoops(spans: readonly TraceSpan[], rounds: number): NamedLoop[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const calls = new Map<TraceSpan | undefined, TraceSpan[]>();
  const loops: NamedLoop[] = [];
  for (const span of spans) {
    const name = nameOf(span);
    if (name === undefined) continue;
    const chain = chainOf(span, byId);
    const own = calls.get(chain.at(-1)) ?? [];
    calls.set(chain.at(-1), own);
    // Equal calls side by side are one step.
    if (!own.slice(-MAX_SIDE_BY_SIDE).some((call) => nameOf(call) === name && overlap(call, span)))
      own.push(span);
    const nested = [...chain, span].map((call) => nameOf(call) ?? "");
    const names = isWork(span) ? roundAtEnd(nested, rounds) : undefined;
    if (names !== undefined) loops.push({ owner: undefined, names, rounds });
  }
  for (const [owner, own] of calls) {
    if (owner === undefined) continue;
    const names = roundIn(own.map(keyOf), rounds);
    if (names !== undefined) loops.push({ owner: nameOf(owner), names, rounds });
  }
  return loops;
}

/** Agents and workflows around a span, the outermost first. */
function chainOf(span: TraceSpan, byId: ReadonlyMap<string, TraceSpan>): TraceSpan[] {
  const chain: TraceSpan[] = [];
  let above = byId.get(span.parentSpanId ?? "");
  for (let climbed = 0; above !== undefined && climbed < MAX_CHAIN; climbed++) {
    if (isWork(above)) chain.push(above);
    above = byId.get(above.parentSpanId ?? "");
  }
  return chain.reverse();
}

function roundIn(keys: readonly (string | undefined)[], rounds: number): readonly string[] | undefined {
  for (let end = rounds; end <= keys.length; end++) {
    const found = roundAtEnd(keys.slice(Math.max(0, end - MAX_ROUND * rounds), end), rounds);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The round that the list ends with so many times. */
function roundAtEnd(keys: readonly (string | undefined)[], rounds: number): readonly string[] | undefined {
  for (let length = 1; length <= MAX_ROUND && length * rounds <= keys.length; length++) {
    const tail = keys.slice(-length * rounds);
    const round = tail.slice(0, length);
    if (round.every((key) => key !== undefined) && tail.every((key, at) => key === round[at % length]))
      return round;
  }
  return undefined;
}

/** `undefined` for what may be repeated, or tells of its arguments and is looked at by them. */
function keyOf(span: TraceSpan): string | undefined {
  const { attributes } = span;
  if (attributes[ATTR_TOOL_REPEATABLE] === true) return undefined;
  if (attributes[ATTR_TOOL_DIGEST] !== undefined || attributes[ATTR_CALL_DIGEST] !== undefined)
    return undefined;
  return nameOf(span);
}

function isWork({ attributes }: TraceSpan): boolean {
  const operation = attributes[ATTR_OPERATION];
  return operation === OP_INVOKE_AGENT || operation === OP_INVOKE_WORKFLOW;
}

/** Of tools, agents and workflows. Handoffs are for `ping_pong`. */
function nameOf({ attributes }: TraceSpan): string | undefined {
  const operation = attributes[ATTR_OPERATION];
  if (operation === OP_EXECUTE_TOOL && attributes[ATTR_TRANSFER_TARGET] === undefined) {
    return text(attributes[ATTR_TOOL_NAME]);
  }
  if (operation === OP_INVOKE_AGENT) return text(attributes[ATTR_AGENT_NAME]);
  return operation === OP_INVOKE_WORKFLOW ? text(attributes[ATTR_WORKFLOW_NAME]) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
