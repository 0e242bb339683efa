import fc from "fast-check";
import type { CallRecord } from "../../src/telemetry/call-record.ts";
import { record } from "./records.ts";

/** A call and those that were made during it. */
export interface CallTree {
  readonly kind: "agent" | "workflow" | "tool" | "model";
  readonly name: string;
  readonly failed: boolean;
  readonly durationMs: number;
  /** Of models only. */
  readonly tokens: number;
  readonly costNanoUsd: number;
  readonly below: readonly CallTree[];
}

/**
 * @param deeper Who may be called below an agent: with everybody, agents call each other in circles.
 * @param runs Of which kinds runs are.
 */
export function arbitraryTree(
  names: readonly string[],
  deeper: (names: readonly string[], caller: string) => readonly string[],
  runs: readonly ("agent" | "workflow")[] = ["agent", "agent", "workflow"],
) {
  const leaf = (kind: "tool" | "model"): fc.Arbitrary<CallTree> =>
    fc.record({
      kind: fc.constant(kind),
      name: fc.constantFrom("a", "b", "c"),
      failed: fc.boolean(),
      durationMs: fc.nat(5_000),
      tokens: kind === "model" ? fc.nat(1_000) : fc.constant(0),
      costNanoUsd: kind === "model" ? fc.nat(1_000_000) : fc.constant(0),
      below: fc.constant([]),
    });
  const run = (among: readonly string[], depth: number): fc.Arbitrary<CallTree> =>
    fc.constantFrom(...among).chain((name) => {
      const next = deeper(among, name);
      const below = depth === 0 || next.length === 0 ? [] : [run(next, depth - 1)];
      return fc.record({
        kind: fc.constantFrom(...runs),
        name: fc.constant(name),
        failed: fc.boolean(),
        durationMs: fc.nat(5_000),
        tokens: fc.constant(0),
        costNanoUsd: fc.constant(0),
        below: fc.array(fc.oneof(leaf("model"), leaf("tool"), ...below), { maxLength: 3 }),
      });
    });
  return run(names, 4);
}

/** A call with those around it, the innermost first. */
export interface Visited {
  readonly tree: CallTree;
  readonly around: readonly CallTree[];
}

export function visited(trees: readonly CallTree[], around: readonly CallTree[] = []): readonly Visited[] {
  return trees.flatMap((tree) => [{ tree, around }, ...visited(tree.below, [tree, ...around])]);
}

/** The records of the calls, as they end up in a call log: who called is the innermost run, whose work it is the innermost agent. */
export function recordsOf(trees: readonly CallTree[]): readonly CallRecord[] {
  return visited(trees).map(({ tree, around }) => {
    const errorType = tree.failed ? "Error" : undefined;
    const given = { errorType, durationMs: tree.durationMs };
    if (tree.kind === "agent" || tree.kind === "workflow") {
      const caller = around.find(({ kind }) => kind === "agent" || kind === "workflow");
      const models = visited(tree.below).filter((each) => each.tree.kind === "model");
      const sum = (pick: (of: CallTree) => number) => models.reduce((all, each) => all + pick(each.tree), 0);
      return record({
        ...given,
        operation: tree.kind === "agent" ? "invoke_agent" : "invoke_workflow",
        [tree.kind]: tree.name,
        callerType: caller?.kind as "agent" | "workflow" | undefined,
        caller: caller?.name,
        subtree: {
          calls: models.length,
          tokens: sum((of) => of.tokens),
          costNanoUsd: sum((of) => of.costNanoUsd),
        },
      });
    }
    const agent = around.find(({ kind }) => kind === "agent")?.name;
    if (tree.kind === "tool") return record({ ...given, operation: "execute_tool", tool: tree.name, agent });
    const { tokens: inputTokens, costNanoUsd } = tree;
    return record({ ...given, operation: "chat", requestModel: tree.name, agent, inputTokens, costNanoUsd });
  });
}
