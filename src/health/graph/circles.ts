/** Who calls whom, by id. */
export type Calls = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Numbers the circles of a graph: those who call each other, in one or more steps, have the same number, and everybody else one of their
 * own (the strongly connected components, after Kosaraju and Sharir). Without recursion, since the graph may be as deep as it likes.
 *
 * @param calls Each node, also those that call nobody.
 */
export function circlesOf(calls: Calls): ReadonlyMap<string, number> {
  const circles = new Map<string, number>();
  const backwards = turned(calls);
  let next = 0;
  for (const start of finishOrder(calls).reverse()) {
    if (circles.has(start)) continue;
    const waiting = [start];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (circles.has(node)) continue;
      circles.set(node, next);
      waiting.push(...(backwards.get(node) ?? []));
    }
    next += 1;
  }
  return circles;
}

/** Each node after all that can be reached from it, but for those that lead back to it. */
function finishOrder(calls: Calls): string[] {
  const seen = new Set<string>();
  const order: string[] = [];
  for (const start of calls.keys()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const path = [{ node: start, rest: (calls.get(start) ?? new Set<string>()).values() }];
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const { value, done } = last.rest.next();
      if (done) {
        order.push(last.node);
        path.pop();
      } else if (!seen.has(value)) {
        seen.add(value);
        path.push({ node: value, rest: (calls.get(value) ?? new Set<string>()).values() });
      }
    }
  }
  return order;
}

function turned(calls: Calls): Calls {
  const backwards = new Map<string, Set<string>>();
  for (const [from, targets] of calls) {
    for (const to of targets) {
      const sources = backwards.get(to);
      if (sources === undefined) backwards.set(to, new Set([from]));
      else sources.add(from);
    }
  }
  return backwards;
}
