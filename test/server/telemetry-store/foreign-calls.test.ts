import { assert, asyncProperty, shuffledSubarray } from "fast-check";
import { describe, expect, it } from "vitest";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import { fixture } from "../../foreign/replay.ts";
import { rowsOf, sumsOf, TRUTH } from "../../foreign/truth.ts";
import { counted } from "./counted.ts";
import { madeOf } from "./foreign-spans.ts";

const START_MS = Date.UTC(2026, 10, 21, 12);

describe.each(Object.keys(TRUTH))("spans of %s that arrive", (dialect) => {
  const rows = rowsOf(dialect);

  it.each(["json", "protobuf"] as const)(
    "in one request are the calls that they are in process (%s)",
    async (encoding) => {
      const { spans, ids } = madeOf(fixture(dialect), START_MS, "reporter");
      const sink = await counted([spans], encoding);
      expect(sink.rows(ids)).toEqual([...rows].sort());
    },
  );

  it("in any order within a request are the same", async () => {
    const { spans, ids } = madeOf(fixture(dialect), START_MS, "reporter");
    const expected = [...rows].sort();
    const orders = shuffledSubarray([...spans], { minLength: spans.length });
    await assert(
      asyncProperty(orders, async (shuffled) => {
        expect((await counted([shuffled])).rows(ids)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it("each in a request of its own are as many calls, tokens and cost", async () => {
    const { spans, ids } = madeOf(fixture(dialect), START_MS, "reporter");
    const sink = await counted(spans.map((span) => [span]));
    expect(sumsOf(sink.rows(ids))).toEqual(sumsOf(rows));
  });

  it("without an agent of ours around, in traces of their own, are as many calls, tokens and cost", async () => {
    const { spans, ids } = madeOf(fixture(dialect), START_MS);
    expect(sumsOf((await counted([spans])).rows(ids))).toEqual(sumsOf(rows));
    expect(sumsOf((await counted(spans.map((span) => [span]))).rows(ids))).toEqual(sumsOf(rows));
  });

  it("read by the span processor of their process are the same", async () => {
    const { spans, ids } = madeOf(fixture(dialect), START_MS, "reporter", agentSpanProcessor());
    expect((await counted([spans])).rows(ids)).toEqual([...rows].sort());
    const alone = await counted(spans.map((span) => [span]));
    expect(sumsOf(alone.rows(ids))).toEqual(sumsOf(rows));
  });

  it("again count as they did before", async () => {
    const { spans, ids } = madeOf(fixture(dialect), START_MS, "reporter");
    const sink = await counted([spans, spans]);
    expect(sink.rows(ids)).toEqual([...rows, ...rows].sort());
  });
});
