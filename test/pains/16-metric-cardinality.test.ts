import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agent, chat, conversation, tool } from "../../src/index.ts";
import { callsByName } from "../naive/cardinality-by-name.ts";
import { watchMetrics } from "./support.ts";

// Metadata of single requests becomes labels, and each request a time series, until the metrics store falls over.

const REQUESTS = 5_000;
const metrics = watchMetrics();

/** All values that a label has on any instrument. */
async function values(label: string): Promise<ReadonlySet<string>> {
  const points = (await metrics.all()).flatMap(({ dataPoints }) =>
    dataPoints.map(({ attributes }) => attributes),
  );
  return new Set(points.flatMap((attributes) => (label in attributes ? [String(attributes[label])] : [])));
}

describe(`${REQUESTS} requests, each with names and ids of its own`, () => {
  const naive = callsByName();
  beforeAll(() => {
    for (let i = 0; i < REQUESTS; i++) {
      const search = tool(`search for user-${i}`, () => i);
      const model = i % 2 === 0 ? "gpt-4o-mini" : `ft:gpt-4o-mini:acme::${randomUUID()}`;
      const write = agent(`writer of ${randomUUID()}`, () => {
        chat({ provider: "openai", model }, ({ usage }) => usage({ input: 7, output: 3 }));
        search();
      });
      conversation(`chat-${randomUUID()}`, () => write());
    }
  });
  afterAll(() => naive.stop());

  it("make at most a thousand series of an instrument, and the rest is one more", async () => {
    const series = (await metrics.all()).map(({ descriptor, dataPoints }) => [
      descriptor.name,
      dataPoints.length,
    ]);
    expect(series.length).toBeGreaterThan(5);
    expect(series.filter(([, count]) => Number(count) > 1_001)).toEqual([]);
  });

  it("give a label at most 200 values and _OTHER, of agents with an id in their name none at all", async () => {
    expect([...(await values("gen_ai.agent.name"))]).toEqual(["_OTHER"]);
    for (const label of ["gen_ai.tool.name", "gen_ai.request.model"])
      expect((await values(label)).size, label).toBeLessThanOrEqual(201);
  });

  it("put neither conversation nor user into a label", async () => {
    expect([...(await values("gen_ai.conversation.id"))]).toEqual([]);
  });

  it("lose no call and no token to it", async () => {
    expect(await metrics.total("gen_ai.client.inference.duration")).toBe(REQUESTS);
    expect(await metrics.total("gen_ai.client.inference.usage.input_tokens")).toBe(7 * REQUESTS);
    expect(await metrics.total("gen_ai.execute_tool.duration")).toBe(REQUESTS);
  });

  it("would be seen to explode: a series for each name", () => {
    expect(naive.series.size).toBe(REQUESTS);
  });
});
