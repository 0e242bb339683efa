import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallRecord } from "../../src/telemetry/call-record.ts";
import { record } from "../health/records.ts";
import { served } from "./support/served.ts";

const NAMES = ["a", "b", "c", undefined];
const OPERATIONS = ["chat", "embeddings", "execute_tool", "invoke_agent"] as const;
const count = fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined });

const calls: fc.Arbitrary<CallRecord[]> = fc.array(
  fc
    .record({
      operation: fc.constantFrom(...OPERATIONS),
      agent: fc.constantFrom(...NAMES),
      responseModel: fc.constantFrom(...NAMES),
      provider: fc.constantFrom(...NAMES),
      inputTokens: count,
      outputTokens: count,
      // Of a tenth of a nano-dollar's worth of rounding nothing is left: they are whole.
      costNanoUsd: count,
      errorType: fc.constantFrom(undefined, "timeout"),
      durationMs: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
    })
    .map((given) => {
      const isModel = given.operation === "chat" || given.operation === "embeddings";
      const none = { inputTokens: undefined, outputTokens: undefined, costNanoUsd: undefined };
      return record({ ...given, ...(isModel ? {} : none) });
    }),
  { maxLength: 40 },
);

const nano = (usd: number) => Math.round(usd * 1e9);

describe("sums", () => {
  it.each(["agent", "model", "provider"])("over each %s are the total, to the nano-dollar", async (by) => {
    await fc.assert(
      fc.asyncProperty(calls, async (records) => {
        const server = served();
        for (const each of records) server.calls.publish(each);
        const { total, items } = (await server.ask(`token-stats?by=${by}`)).body;
        const sum = (field: string) =>
          items.reduce((before: number, item: Record<string, number>) => before + item[field]!, 0);
        for (const field of ["calls", "errors", "tokens", "unpriced_calls"])
          expect(sum(field)).toBe(total[field]);
        const cost = items.reduce(
          (before: number, item: { cost_usd: number }) => before + nano(item.cost_usd),
          0,
        );
        expect(cost).toBe(nano(total.cost_usd));
        expect(nano(total.cost_usd)).toBe(
          records.reduce((before, each) => before + (each.costNanoUsd ?? 0), 0),
        );
        const { body } = await server.ask("statistics");
        expect([body.total_tokens, body.total_cost_usd]).toEqual([total.tokens, total.cost_usd]);
      }),
      { numRuns: 60 },
    );
  });
});
