import { beforeAll, describe, expect, it } from "vitest";
import * as names from "../../../src/telemetry/semconv.ts";
import type { TraceSpan } from "../../../src/telemetry/trace-span.ts";
import { runTraced, type TracedRun } from "../fixtures/run-program.ts";

/** The spans as a tree, each level two blanks further in, in the order in which they ended. */
function tree(spans: readonly TraceSpan[], parent?: TraceSpan): readonly string[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent?.spanId)
    .toSorted((a, b) => Number((a.endNs ?? 0n) - (b.endNs ?? 0n)))
    .flatMap((span) => [span.name, ...tree(spans, span).map((line) => `  ${line}`)]);
}

export function langchainSuite() {
  describe.concurrent("the example with LangChain", () => {
    let run: TracedRun;
    beforeAll(async () => {
      run = await runTraced("langchain");
    }, 60_000);

    it("ends by itself with an answer", () => {
      expect(run.code, run.stderr).toBe(0);
      expect(run.stdout).toBe("Otter Ltd was charged once in October and once in November.\n");
    });

    it("is one trace, with one span for each call of a model though its client is instrumented", () => {
      expect(tree(run.spans)).toEqual([
        "invoke_workflow support-desk",
        "  invoke_agent triage",
        "    chat gpt-4o-mini",
        "    execute_tool transfer_to_billing billing",
        "  invoke_agent billing",
        "    chat gpt-4o-mini",
        "    execute_tool find_invoices",
        "    chat gpt-4o-mini",
        "  invoke_agent writer",
        "    chat gpt-4o-mini",
      ]);
    });

    it("knows who handed over to whom, and what all of it has used", () => {
      const of = (name: string) => run.spans.find((span) => span.name === name)?.attributes;
      expect(of("invoke_agent billing")?.[names.ATTR_CALLER_NAME]).toBe("triage");
      expect(of("invoke_workflow support-desk")).toMatchObject({
        [names.ATTR_SUBTREE_CALLS]: 4,
        [names.ATTR_SUBTREE_TOKENS]: 875,
      });
    });
  });
}
