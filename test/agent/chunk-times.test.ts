import { describe, expect, it } from "vitest";
import { ChunkTimes } from "../../src/agent/chunk-times.ts";
import { agent, chat } from "../../src/index.ts";
import { CallMetrics } from "../../src/telemetry/call-metrics/call-metrics.ts";
import { watch } from "./support.ts";

describe("ChunkTimes", () => {
  it("measures the first chunk from the request", () => {
    expect(new ChunkTimes(320).toFirst).toBe(0.32);
  });

  it("has no time per chunk while there is one chunk only", () => {
    expect(new ChunkTimes(320).perChunk).toBeUndefined();
  });

  it("measures each later chunk from the one before", () => {
    const times = new ChunkTimes(320);
    for (const at of [330, 370, 470]) times.next(at);
    expect(times.gaps).toMatchObject({ count: 3, min: 0.01, max: 0.1 });
  });

  it("gives the mean time per chunk", () => {
    const times = new ChunkTimes(100);
    for (const at of [110, 140]) times.next(at);
    expect(times.perChunk).toBeCloseTo(0.02, 12);
  });
});

describe("the chunks of streamed answers", () => {
  const seen = watch();
  const MODEL = { provider: "openai", model: "gpt-4o", stream: true } as const;

  async function read(chunks: number): Promise<void> {
    const answer = agent("writer", () =>
      chat(MODEL, async function* ({ chunk }) {
        for (let i = 0; i < chunks; i++) {
          chunk();
          yield i;
        }
      }),
    );
    await Array.fromAsync(answer());
  }

  function histogram(name: string) {
    const metrics = new CallMetrics();
    for (const record of seen.records) metrics.record(record);
    const found = metrics.collect().find((instrument) => instrument.name === name);
    return found?.kind === "histogram"
      ? found.points.map(({ cell, attributes }) => ({ attributes, cell }))
      : [];
  }

  it("are counted as one time to the first chunk for each answer", async () => {
    await read(3);
    await read(1);
    const [point] = histogram("gen_ai.client.inference.time_to_first_chunk");
    expect(point?.cell.count).toBe(2);
  });

  it("are counted as one time per output chunk for each chunk after the first", async () => {
    await read(3);
    await read(1);
    await read(5);
    const [point] = histogram("gen_ai.client.inference.time_per_output_chunk");
    expect(point?.cell.count).toBe(2 + 0 + 4);
  });

  it("have the agent among the labels of their histograms", async () => {
    await read(2);
    const [point] = histogram("gen_ai.client.inference.time_per_output_chunk");
    expect(point?.attributes).toEqual({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.agent.name": "writer",
    });
  });

  it("leave the mean time per chunk on the span", async () => {
    await read(3);
    const { attributes } = seen.spans.get("chat gpt-4o");
    expect(attributes["agents.response.time_per_output_chunk"]).toBeGreaterThanOrEqual(0);
  });

  it("put nothing into the histograms of answers that were not streamed", () => {
    chat({ provider: "openai", model: "gpt-4o" }, () => "whole");
    expect(histogram("gen_ai.client.inference.time_to_first_chunk")[0]?.cell.count ?? 0).toBe(0);
  });
});
