import { beforeAll, describe, expect, it } from "vitest";
import { COSTS, logLines, modelCalls, SUMMARY, TREE } from "../fixtures/demo-conversation.ts";
import { type DemoRun, runDemo } from "../fixtures/run-demo.ts";

/** What the demo shows as it comes, its models in their own time. */
export function supervisorSuite() {
  describe.concurrent("the demo, offline and without keys", () => {
    let run: DemoRun;
    beforeAll(async () => {
      run = await runDemo();
    }, 60_000);

    it("ends by itself, with an answer and without a complaint", () => {
      expect(run).toMatchObject({ code: 0, stderr: "" });
      expect(run.stdout).toContain("Goal:   Check Python version and store it.");
      expect(run.stdout).toMatch(/^Answer: .+ \(stored as python_version\)$/m);
    });

    it("makes one trace in which each call stands below who made it", () => {
      const names = new Map(run.spans.map(({ spanId, name }) => [spanId, name]));
      const edges = run.spans.map(({ name, parentSpanId }) => [
        name,
        parentSpanId && names.get(parentSpanId),
      ]);
      // Spans that start in one millisecond have no order, so this does not ask for one.
      expect(edges.toSorted()).toEqual(TREE.toSorted());
      expect(new Set(run.spans.map(({ traceId }) => traceId)).size).toBe(1);
    });

    it("prints that trace as a tree", () => {
      const tree = run.stdout.slice(run.stdout.indexOf(`\nTrace ${run.spans[0]!.traceId}`));
      const printed = tree.match(/(invoke_agent|chat|execute_tool) \S+/g);
      expect(printed).toEqual(TREE.map(([name]) => name));
    });

    it("puts trace id, span id and agent on every line that it logs", () => {
      const agents = new Map(
        run.spans.map(({ spanId, attributes }) => [spanId, attributes["gen_ai.agent.name"]]),
      );
      const lines = logLines(run);
      expect(lines).toHaveLength(8);
      // Nothing that looks like a log line is one without the ids.
      expect(run.stdout.match(/INFO|WARN/g)).toHaveLength(lines.length);
      for (const { traceId, spanId, agent } of lines) {
        expect(traceId).toBe(run.spans[0]!.traceId);
        expect(agents.get(spanId!)).toBe(agent);
      }
    });

    it("costs what its tokens cost, to the nano-dollar, for each call and on each level", () => {
      expect(modelCalls(run)).toEqual(COSTS);
      const root = run.calls.find(
        ({ agent, operation }) => operation === "invoke_agent" && agent === "supervisor",
      );
      const costNanoUsd = COSTS.reduce((sum, [, , cost]) => sum + cost, 0);
      expect(root?.subtree).toEqual({ calls: 7, tokens: 12_341, costNanoUsd });
      expect(run.stdout).toContain(SUMMARY);
    });

    it("says which models it talks to, and how to talk to real ones", () => {
      expect(run.stdout).toContain(
        "a scripted provider on this machine; set OPENAI_API_KEY and ANTHROPIC_API_KEY",
      );
      expect(run.stdout).toContain("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 npm run demo");
    });
  });
}
