import { checkName } from "../../internal/check-name.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { ATTR_AGENT_NAME, ATTR_OPERATION, ATTR_TOOL_NAME, OP_EXECUTE_TOOL } from "../../telemetry/semconv.ts";
import { agentCalls } from "./agent-calls.ts";
import { type MatchResult, matchResult, times } from "./match-result.ts";
import { spansOf, type Traced } from "./traced.ts";

/** Which calls are counted. */
export interface CalledOptions {
  /** Exactly so many. @default one or more */
  readonly times?: number;
  /** Only calls of this agent. @default of anybody */
  readonly by?: string;
}

/** Whether an agent was called or handed over to; see {@link toFollowPath} for what counts as one call. Calls that are open count. */
export function toHaveCalled(traced: Traced, agent: string, options: CalledOptions = {}): MatchResult {
  checkName("toHaveCalled", agent);
  const spans = spansOf("toHaveCalled", traced);
  const calls = agentCalls(spans).filter(({ name }) => name === agent);
  const all = [...new Set(agentCalls(spans).map(({ name }) => name))];
  const callers = calls.map(({ by }) => by);
  return judge(spans, { what: "toHaveCalled", verb: "called", name: agent, callers, all }, options);
}

/** Whether a tool was called. A handoff is a call of the tool `transfer_to_{agent}`. Calls that are open count. */
export function toHaveCalledTool(traced: Traced, tool: string, options: CalledOptions = {}): MatchResult {
  checkName("toHaveCalledTool", tool);
  const spans = spansOf("toHaveCalledTool", traced);
  const tools = spans.filter(({ attributes }) => attributes[ATTR_OPERATION] === OP_EXECUTE_TOOL);
  const all = [...new Set(tools.map(({ attributes }) => String(attributes[ATTR_TOOL_NAME])))];
  const callers = tools
    .filter(({ attributes }) => attributes[ATTR_TOOL_NAME] === tool)
    .map(({ attributes }) => attributes[ATTR_AGENT_NAME]);
  return judge(
    spans,
    { what: "toHaveCalledTool", verb: "called the tool", name: tool, callers, all },
    options,
  );
}

interface Calls {
  readonly what: string;
  readonly verb: string;
  readonly name: string;
  /** Who made each call. */
  readonly callers: readonly unknown[];
  /** Whatever else could have been meant. */
  readonly all: readonly string[];
}

function judge(
  spans: Parameters<typeof matchResult>[0],
  { what, verb, name, callers, all }: Calls,
  { times: wanted, by }: CalledOptions,
): MatchResult {
  if (wanted !== undefined) checkWhole(`${what}: times`, wanted, 0);
  if (by !== undefined) checkName(`${what}: by`, by);
  const count = by === undefined ? callers.length : callers.filter((caller) => caller === by).length;
  const others = new Set(
    callers.filter((caller) => caller !== by).map((caller) => caller ?? "nobody's agent"),
  );
  const found = [
    times(count),
    ...(by !== undefined && others.size > 0
      ? [`${times(callers.length)} in all, also by ${[...others].join(", ")}`]
      : []),
    ...(callers.length === 0 ? [`called were ${all.join(", ") || "none"}`] : []),
  ];
  const pass = wanted === undefined ? count > 0 : count === wanted;
  const how = `${wanted === undefined ? "" : ` ${times(wanted)}`}${by === undefined ? "" : ` by "${by}"`}`;
  return matchResult(spans, pass, `to have ${verb} "${name}"${how}`, `it was ${found.join("; ")}`);
}
