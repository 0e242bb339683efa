import { beforeAll, describe, expect, it } from "vitest";
import * as names from "../../../src/telemetry/semconv.ts";
import type { TraceSpan } from "../../../src/telemetry/trace-span.ts";
import { runTraced, type TracedRun } from "../fixtures/run-program.ts";

/** The spans as a tree, each level two blanks further in, in the order in which they began. */
function tree(spans: readonly TraceSpan[], parent?: TraceSpan): readonly string[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent?.spanId)
    .toSorted((a, b) => Number(a.startNs - b.startNs))
    .flatMap((span) => [span.name, ...tree(spans, span).map((line) => `  ${line}`)]);
}

export function aiSdkSuite() {
  describe.concurrent("the example with the AI SDK", () => {
    let run: TracedRun;
    beforeAll(async () => {
      run = await runTraced("ai-sdk");
    }, 60_000);

    it("ends by itself, without a complaint", () => {
      expect(run.code, run.stderr).toBe(0);
      // The line that agent-otel itself logs when a request is over.
      expect(run.stderr.split("\n").filter((line) => !/^$| answer finished — /.test(line))).toEqual([]);
      expect(run.stdout).toBe("Afloat on their backs, otters sleep hand in hand.\n");
    });

    it("is one trace of agents, models and tools", () => {
      expect(tree(run.spans)).toEqual([
        "invoke_workflow answer",
        "  invoke_agent editor",
        "    chat gpt-4o-mini",
        "    execute_tool ask_researcher",
        "      invoke_agent researcher",
        "        chat claude-haiku-4-5",
        "        execute_tool search",
        "        chat claude-haiku-4-5",
        "    chat gpt-4o-mini",
        "  invoke_agent writer",
        "    chat gpt-4o-mini",
      ]);
    });

    it("knows who called whom, and what all of it has cost", () => {
      const of = (name: string) => run.spans.find((span) => span.name === name)?.attributes;
      expect(of("invoke_agent researcher")?.[names.ATTR_CALLER_NAME]).toBe("editor");
      expect(of("invoke_workflow answer")).toMatchObject({
        [names.ATTR_SUBTREE_CALLS]: 5,
        [names.ATTR_SUBTREE_TOKENS]: 1_485,
      });
      const costs = run.spans.map(({ attributes }) => Number(attributes[names.ATTR_COST_AMOUNT] ?? 0));
      const sum = costs.reduce((total, cost) => total + Math.round(cost * 1e9), 0);
      expect(Math.round(Number(of("invoke_workflow answer")?.[names.ATTR_SUBTREE_COST]) * 1e9)).toBe(sum);
    });
  });
}
