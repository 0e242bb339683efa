import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dotText } from "../../src/cli/commands/graph/dot.ts";
import { mermaidText } from "../../src/cli/commands/graph/mermaid.ts";
import { graphView } from "../../src/cli/commands/graph/view.ts";
import { graphCommand } from "../../src/cli/commands/graph.ts";
import type { Graph, GraphEdge, GraphNode } from "../../src/server/api/agents.ts";
import { runCommand } from "./support/run-command.ts";
import { runOf, telemetryFile } from "./support/telemetry.ts";

const run = (...args: readonly string[]) => runCommand(graphCommand, {}, args);

const node = (id: string, kind: GraphNode["kind"] = "agent", name = id): GraphNode => ({
  id,
  kind,
  name,
  calls: 1,
  errors: 0,
  tokens: 0,
  cost_usd: 0,
  inclusive_cost_usd: 0,
  health: null,
});

const edge = (source: string, target: string, more: Partial<GraphEdge> = {}): GraphEdge => ({
  source,
  target,
  calls: 1,
  errors: 0,
  tokens: 0,
  cost_usd: 0,
  p50_ms: 100,
  p95_ms: 2_000,
  ...more,
});

const graphOf = (nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Graph => ({
  period: "daily",
  from: "2026-11-21T00:00:00.000Z",
  to: "2026-11-21T12:00:00.000Z",
  nodes: [...nodes],
  edges: [...edges],
});

const SAMPLE = graphOf(
  [
    node("user", "user"),
    node("boss"),
    node("writer"),
    node("gpt", "model", "gpt-4o"),
    node("t", "tool", "search"),
  ],
  [
    edge("user", "boss", { calls: 2, cost_usd: 0.5 }),
    edge("boss", "writer", { calls: 12, errors: 1, cost_usd: 0.25 }),
    edge("boss", "t", { calls: 3, p50_ms: null, p95_ms: null }),
    edge("writer", "gpt", { calls: 12, cost_usd: 0.25 }),
    edge("t", "writer", { calls: 1 }),
  ],
);

describe("agent-otel graph", () => {
  it("draws who called whom as a tree, each caller's calls once", () => {
    expect(graphView(SAMPLE, { color: false, width: undefined })).toBe(
      [
        "CALLED                       CALLS  ERRORS     P50     P95     COST",
        "user",
        "└─ boss                          2       0  100 ms  2.00 s  $0.5000",
        "   ├─ writer                    12       1  100 ms  2.00 s  $0.2500",
        "   │  └─ gpt-4o (model)         12       0  100 ms  2.00 s  $0.2500",
        "   └─ search (tool)              3       0       ?       ?  $0.0000",
        "      └─ writer (see above)      1       0  100 ms  2.00 s  $0.0000",
        "",
      ].join("\n"),
    );
  });

  it("has an end and every edge once, whatever the graph is like", () => {
    const ids = fc.constantFrom("a", "b", "c", "d", "e");
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(ids, ids), { selector: ([a, b]) => `${a} ${b}` }), (pairs) => {
        const nodes = ["a", "b", "c", "d", "e"].map((id) => node(id));
        const text = graphView(
          graphOf(
            nodes,
            pairs.map(([a, b]) => edge(a, b)),
          ),
          { color: false, width: undefined },
        );
        expect(text.split("\n").filter((line) => line.includes("─ "))).toHaveLength(pairs.length);
      }),
    );
  });

  it("shows the calls of the telemetry database", async () => {
    const boss = runOf("a".repeat(32), "boss", { calls: 2 });
    const spans = [...boss, ...runOf("a".repeat(32), "writer", { caller: boss[0] })];
    const path = await telemetryFile(spans);
    const { code, out } = await run("--telemetry", path, "--period", "monthly");
    expect(code).toBe(0);
    expect(out).toMatch(/^user$/m);
    expect(out).toMatch(/^└─ boss +1 +0 /m);
    expect(out).toMatch(/^ {3}[├└]─ writer +1 +0 /m);
    expect(out).toMatch(/[├└]─ gpt-4o-mini \(model\) +1 +0 .* \$0\.00021$/m);
    const { edges } = JSON.parse(
      (await run("--telemetry", path, "--period", "monthly", "--json")).out,
    ) as Graph;
    expect(edges.length).toBeGreaterThanOrEqual(4);
  });

  it("says so where nothing was called", async () => {
    expect((await run("--telemetry", await telemetryFile([]))).out).toBe("No calls today.\n");
  });

  it("writes Graphviz and Mermaid", () => {
    expect(dotText(SAMPLE)).toContain(
      '  n1 -> n2 [label="12 calls, 1 error, p95 2.00 s, $0.2500", color=red];\n',
    );
    expect(dotText(SAMPLE)).toContain('  n3 [label="gpt-4o", shape=hexagon];\n');
    expect(mermaidText(SAMPLE)).toContain('  n1 -->|"12 calls, 1 error, p95 2.00 s, $0.2500"| n2\n');
    expect(mermaidText(SAMPLE)).toContain('  n3{{"gpt#45;4o"}}\n');
  });

  it("lets no name out of its quotes", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        '"]; evil -> everything; "',
        '\\"',
        "`**x**`",
        "<img src=x onerror=alert(1)>",
        "end",
        "\u202e",
      ),
    );
    fc.assert(
      fc.property(name, (text) => {
        const graph = graphOf([node("a", "agent", text), node("b")], [edge("a", "b")]);
        const [dot, mermaid] = [dotText(graph), mermaidText(graph)];
        expect(dot.split("\n")).toHaveLength(7);
        expect(dot).toMatch(/^ {2}n0 \[label="(?:[^"\\]|\\[\\"])*", shape=box\];$/mu);
        expect(mermaid.split("\n")).toHaveLength(5);
        expect(mermaid).toMatch(/^ {2}n0\["(?:[\p{L}\p{N} .,:/$%]|#\d+;)*"\]$/mu);
        expect(dot.replaceAll("\n", "") + mermaid.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [["--period", "yearly"], '--period must be one of hourly, daily, weekly, monthly, got "yearly"'],
    [["--format", "svg"], '--format must be one of text, dot, mermaid, got "svg"'],
    [["--json", "--format", "dot"], "give --json or --format, not both"],
    [["writer"], 'graph takes options only, not "writer"'],
  ])("says what is wrong with %j", async (args, message) => {
    await expect(run(...args)).rejects.toThrow(message);
  });
});
