import { activeScopeIn } from "../../agent/active-scope.ts";
import { openHandoff } from "../../agent/told/told-calls.ts";
import { type GoTo, goToOf, isBubbleUp, thrownGoTo } from "./commands.ts";
import { type GraphRun, graphAround } from "./graph-run.ts";
import { isAgentNode } from "./node-kind.ts";
import type { AgentRule } from "./options.ts";
import type { Run } from "./run.ts";

/** Errors on their way up through the runs that have been read. */
const read = new WeakSet<object>();

/**
 * Notes to which agents of the graph a run goes with what it has returned, so that they know their caller.
 *
 * @returns Those of which nobody had told.
 */
export function noteGoTo(run: Run, returned: unknown, rule: AgentRule): readonly string[] {
  return goToOf(returned).flatMap((goTo) => noted(run, goTo, rule));
}

/** Tells of the handoffs with which a node has ended. */
export function handOver(run: Run, returned: unknown, rule: AgentRule): void {
  tell(run, noteGoTo(run, returned, rule));
}

/** The same, where LangGraph throws on the way to the graph around. */
export function handOverThrown(run: Run, error: unknown, rule: AgentRule): void {
  if (typeof error !== "object" || error === null || !isBubbleUp(error) || read.has(error)) return;
  read.add(error);
  tell(
    run,
    thrownGoTo(error).flatMap((goTo) => noted(run, goTo, rule)),
  );
}

function tell(run: Run, targets: readonly string[]): void {
  for (const target of targets) openHandoff(target, "pass_control", { parent: run.context }).end();
}

function noted(run: Run, { targets, inParent }: GoTo, rule: AgentRule): readonly string[] {
  const source = activeScopeIn(run.context)?.agent;
  const graph = graphOf(run, inParent);
  if (source === undefined || graph === undefined) return [];
  const told = targets.filter(
    (target) =>
      target !== source &&
      graph.handedOver.get(target) !== source &&
      !graph.isAgent &&
      isAgentNode(target, graph.name, rule),
  );
  for (const target of told) graph.handedOver.set(target, source);
  return told;
}

function graphOf(run: Run, inParent: boolean): GraphRun | undefined {
  const graph = graphAround(run);
  return inParent ? graphAround(graph?.parent) : graph;
}
