import { describe, expect, it } from "vitest";
import { agent, formatTrace, recordEvaluation } from "../../src/index.ts";
import { watch } from "../agent/support.ts";

const seen = watch();

describe("formatTrace", () => {
  it("says of an evaluation its name, score, label and reason", () => {
    agent("writer", () =>
      recordEvaluation(undefined, {
        name: "relevance",
        score: 0.8,
        label: "relevant",
        explanation: "names the river",
      }),
    )();
    recordEvaluation(seen.spans.get("invoke_agent writer"), { name: "tone", label: "polite" });
    const text = formatTrace(seen.spans.spans)
      .replaceAll(/\+?[\d.]+ (?:µs|ms)/g, "T")
      .replaceAll(/ +/g, " ");
    expect(text).toContain("· gen_ai.evaluation.result T relevance 0.8 relevant: names the river");
    expect(text).toContain("evaluate tone T");
    expect(text).toContain("· gen_ai.evaluation.result T tone polite");
  });
});
