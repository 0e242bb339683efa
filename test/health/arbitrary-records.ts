import fc from "fast-check";
import type { CallRecord } from "../../src/telemetry/call-record.ts";
import { record } from "./records.ts";

const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const tokens = perhaps(fc.nat(100_000));
const totals = perhaps(fc.record({ calls: fc.nat(9), tokens: fc.nat(9_999), costNanoUsd: fc.nat(9_999) }));

/** @param names How many there are of each kind. @param endMs When the calls end; some of unknown time. */
export function arbitraryRecord(names: number, endMs: fc.Arbitrary<number>): fc.Arbitrary<CallRecord> {
  const name = perhaps(fc.nat(names - 1).map((n) => `n${n}`));
  return fc
    .record({
      operation: fc.constantFrom(
        "chat",
        "embeddings",
        "invoke_agent",
        "execute_tool",
        "invoke_workflow",
        "plan",
      ),
      agent: name,
      callerType: fc.constantFrom(undefined, "agent" as const, "workflow" as const),
      caller: name,
      workflow: name,
      tool: name,
      provider: name,
      requestModel: name,
      responseModel: name,
      errorType: perhaps(fc.constantFrom("timeout", "RateLimitError")),
      inputTokens: tokens,
      outputTokens: tokens,
      cacheReadTokens: tokens,
      cacheWriteTokens: tokens,
      reasoningTokens: tokens,
      costNanoUsd: perhaps(fc.nat(1_000_000_000)),
      subtree: totals,
      durationMs: perhaps(fc.integer({ min: 0, max: 90_000 })),
      endMs: perhaps(endMs),
    })
    .map(({ endMs: end, ...given }) =>
      record({
        ...given,
        startMs: end === undefined ? undefined : end - (given.durationMs ?? 0),
      } as Partial<CallRecord>),
    );
}
