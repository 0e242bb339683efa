import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { agent } from "../../src/index.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { watch } from "../agent/support.ts";
import { watchRecords } from "../instrumentation/records.ts";
import { fixture, replay } from "./replay.ts";
import { rowOf, rowsOf, sum, TRUTH } from "./truth.ts";

const told = watch({ spanProcessors: [agentSpanProcessor()] });
const records = watchRecords();

describe.each(Object.keys(TRUTH))("spans of %s", (dialect) => {
  const rows = rowsOf(dialect);
  const costNanoUsd = sum(rows.map((row) => row.split(" ")[10]));
  let ids: ReadonlyMap<string, number>;

  beforeEach(() => {
    agent("reporter", () => {
      ids = replay(fixture(dialect));
    })();
  });

  it("become records that are true, each call once", () => {
    const calls = records.filter(({ spanId }) => ids.has(spanId!));
    expect(calls.map((record) => rowOf(ids.get(record.spanId!)!, record))).toEqual(rows);
  });

  it("carry the cost of each call once", () => {
    const carried = told.spans.spans.map(({ attributes }) => attributes["gen_ai.usage.cost.amount"]);
    expect(Math.round(sum(carried) * 1e9)).toBe(costNanoUsd);
  });

  it("are calls in the conventions' names where they are calls, so that others see the same", () => {
    const called = told.spans.spans
      .filter(({ attributes, spanId }) => ids.has(spanId) && isCall(attributes["gen_ai.operation.name"]))
      .map(({ spanId, attributes }) => `${ids.get(spanId)} ${attributes["gen_ai.operation.name"]}`);
    // An `invoke_agent` without an agent is left as it is, and makes no record.
    const withoutName = fixture(dialect).spans.filter(
      ({ atStart }) =>
        atStart["gen_ai.operation.name"] === "invoke_agent" && !("gen_ai.agent.name" in atStart),
    );
    const expected = [
      ...rows.map((text) => text.split(" ").slice(0, 2).join(" ")),
      ...withoutName.map(({ id }) => `${id} invoke_agent`),
    ];
    expect(called.sort()).toEqual(expected.sort());
  });

  it("add up in the agent around them", () => {
    const tokens = sum(rows.flatMap((text) => text.split(" ").slice(5, 7)));
    const counted = rows.filter((text) => text.split(" ")[5] !== "-").length;
    told.spans.get("invoke_agent reporter", {
      attributes: {
        "agents.subtree.calls": counted,
        "agents.subtree.tokens": tokens,
        "agents.subtree.cost": costNanoUsd / 1e9,
      },
    });
  });
});

it("every fixture has its truth", () => {
  const files = readdirSync(join(import.meta.dirname, "fixtures")).map((name) => name.replace(".json", ""));
  expect(files.sort()).toEqual(Object.keys(TRUTH).sort());
});

it.each(Object.keys(TRUTH))("%s has about a dozen spans or more, and says where they are from", (dialect) => {
  const { spans, origin } = fixture(dialect);
  expect(spans.length).toBeGreaterThanOrEqual(10);
  expect(origin).toMatch(/^(recorded by running|written)/);
});

function isCall(operation: unknown): boolean {
  return /^(chat|text_completion|embeddings|invoke_agent|invoke_workflow|execute_tool)$/.test(
    String(operation),
  );
}
