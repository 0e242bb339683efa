import { AlwaysOffSampler } from "@opentelemetry/sdk-trace";
import { expect, it } from "vitest";
import { agent, type CallRecord, onCall } from "../../src/index.ts";
import { askModel, watch } from "./support.ts";

const seen = watch({ sampler: new AlwaysOffSampler() });

it("a trace that is not sampled still makes every record, with its ids and totals", () => {
  const records: CallRecord[] = [];
  const stop = onCall((record) => records.push(record));
  agent("unsampled", () => askModel())();
  stop();
  expect(seen.spans.spans).toEqual([]);
  expect(records.map((record) => record.operation)).toEqual(["chat", "invoke_agent"]);
  expect(records[1]?.own).toEqual({ calls: 1, tokens: 10, costNanoUsd: 1_000_000 });
  expect(records[0]?.traceId).toBe(records[1]?.traceId);
});
