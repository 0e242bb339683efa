import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallTotals } from "../../src/index.ts";
import { agent, conversation, currentAgent, plan, recordUsage, tool, workflow } from "../../src/index.ts";
import { askModel, nextTurn, watch } from "./support.ts";

const seen = watch();

/** What a node of a random program does: model calls of so many tokens, and nodes below it. */
interface Node {
  readonly kind: "agent" | "workflow" | "tool" | "conversation";
  readonly modelTokens: readonly number[];
  readonly children: readonly Node[];
}

const nodeOf = fc.memo(
  (depth): fc.Arbitrary<Node> =>
    fc.record({
      kind: fc.constantFrom("agent", "workflow", "tool", "conversation"),
      modelTokens: fc.array(fc.nat(1_000), { maxLength: 3 }),
      children: depth <= 1 ? fc.constant([]) : fc.array(nodeOf(), { maxLength: 3 }),
    }),
);

type Totals = Record<string, { own: CallTotals; subtree: CallTotals }>;

function sum(...all: CallTotals[]): CallTotals {
  const total = { calls: 0, tokens: 0, costNanoUsd: 0 };
  for (const { calls, tokens, costNanoUsd } of all) {
    total.calls += calls;
    total.tokens += tokens;
    total.costNanoUsd += costNanoUsd;
  }
  return total;
}

const direct = ({ modelTokens }: Node): CallTotals =>
  sum(...modelTokens.map((tokens) => ({ calls: 1, tokens, costNanoUsd: tokens * 1_000 })));

/** Own calls of a scope: those of its node, and of the tools and conversations in it, which have no scope of their own. */
const ownOf = (node: Node): CallTotals =>
  sum(
    direct(node),
    ...node.children.filter(({ kind }) => kind === "tool" || kind === "conversation").map(ownOf),
  );

const subtreeOf = (node: Node): CallTotals => sum(direct(node), ...node.children.map(subtreeOf));

/** Runs the program with all children of a node at once, and notes what each scope must have used. */
async function run(node: Node, path: string, expected: Totals): Promise<void> {
  const body = async (): Promise<void> => {
    for (const tokens of node.modelTokens) {
      await nextTurn();
      recordUsage({ model: "m", provider: "p", inputTokens: tokens, outputTokens: 0, costUsd: tokens / 1e6 });
    }
    await Promise.all(node.children.map((child, i) => run(child, `${path}.${i}`, expected)));
  };
  if (node.kind === "tool") return tool(path, body)();
  if (node.kind === "conversation") return conversation(path, body);
  if (subtreeOf(node).calls > 0) expected[path] = { own: ownOf(node), subtree: subtreeOf(node) };
  return node.kind === "agent" ? agent(path, body)() : workflow(path, body)();
}

describe("totals", () => {
  it("of every agent and workflow of any program are its own calls, and with those of all below it", async () => {
    await fc.assert(
      fc.asyncProperty(nodeOf(4), async (root) => {
        seen.records.length = 0;
        const expected: Totals = {};
        await run(root, "root", expected);
        const got = seen.records.flatMap(({ agent, workflow, own, subtree }) =>
          own && subtree ? [[workflow ?? agent ?? "", { own, subtree }] as const] : [],
        );
        expect(Object.fromEntries(got)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("stand on the span under our own names, with no gen_ai.usage", () => {
    agent("outer", () => {
      askModel();
      agent("inner", () => askModel())();
    })();
    const { attributes } = seen.spans.get("invoke_agent outer", {
      attributes: {
        "agents.own.calls": 1,
        "agents.own.tokens": 10,
        "agents.own.cost": 0.001,
        "agents.subtree.calls": 2,
        "agents.subtree.tokens": 20,
        "agents.subtree.cost": 0.002,
      },
    });
    expect(Object.keys(attributes).filter((key) => key.startsWith("gen_ai.usage"))).toEqual([]);
  });

  it("can be read on the way: own, subtree and the whole request", () => {
    const inner = agent("reads-inner", () => {
      askModel();
      return currentAgent();
    });
    const got = workflow("reads-request", () => {
      askModel();
      return agent("reads-outer", () => inner())();
    })();
    expect([got?.own.calls, got?.subtree.calls, got?.request.calls, got?.workflow]).toEqual([
      1,
      1,
      2,
      "reads-request",
    ]);
  });

  it("of an agent that plans for itself hold the calls of its plan", () => {
    const makePlan = plan("planner", () => askModel());
    agent("planner", () => {
      makePlan();
      askModel();
    })();
    const plans = seen.spans.get("plan planner");
    seen.spans.get("chat test-model", { parent: plans, attributes: { "gen_ai.agent.name": "planner" } });
    expect(seen.records.find((record) => record.operation === "invoke_agent")?.own?.calls).toBe(2);
    expect(seen.records.find((record) => record.operation === "plan")?.ownToolCalls).toBeUndefined();
  });
});

describe("1,000 calls at once", () => {
  it("keep their scopes apart, in whatever order they go on", async () => {
    const names = ["a", "b", "c", "d"];
    const call = fc.record({ who: fc.constantFrom(...names), waits: fc.nat(4) });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1_000, maxLength: 1_000 }), async (calls) => {
        const agents = new Map(
          names.map((name) => [
            name,
            agent(name, async (waits: number) => {
              for (let i = 0; i < waits; i++) await (i % 2 ? nextTurn() : Promise.resolve());
              askModel();
              await nextTurn();
              return [currentAgent()?.name, currentAgent()?.own.calls];
            }),
          ]),
        );
        const got = await Promise.all(calls.map(({ who, waits }) => agents.get(who)!(waits)));
        expect(got).toEqual(calls.map(({ who }) => [who, 1]));
      }),
      { numRuns: 3 },
    );
  });
});
