import { circlesOf } from "./circles.ts";
import type { GraphEdge } from "./graph.ts";

/**
 * Cost of agents and workflows with all that they called, integer nano-dollars, by id.
 *
 * A call that an agent makes to itself is in the cost of the outer run already. Where several call each other in a circle, rows do not
 * say which run was inside which: then it is what was called from outside of the circle at the most, which is exact where the circle is
 * entered at one place.
 *
 * @param edges Those between agents, workflows and the user.
 */
export function inclusiveCosts(edges: readonly GraphEdge[]): ReadonlyMap<string, number> {
  const calls = new Map<string, Set<string>>();
  for (const { source, target } of edges) {
    if (!calls.has(target)) calls.set(target, new Set());
    const targets = calls.get(source);
    if (targets === undefined) calls.set(source, new Set([target]));
    else targets.add(target);
  }
  const circles = circlesOf(calls);
  const called = new Map<string, number>();
  const entered = new Map<number, number>();
  for (const { source, target, costNanoUsd } of edges) {
    if (source === target) continue;
    called.set(target, (called.get(target) ?? 0) + costNanoUsd);
    const circle = circles.get(target)!;
    if (circles.get(source) !== circle) entered.set(circle, (entered.get(circle) ?? 0) + costNanoUsd);
  }
  return new Map([...called].map(([id, cost]) => [id, Math.min(cost, entered.get(circles.get(id)!) ?? 0)]));
}
