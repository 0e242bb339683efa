import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/scripted-provider.ts";
import { openaiFor } from "./clients.ts";

const request = { model: "text-embedding-3-small", input: ["12345678", "other"] };

describe("embeddings", () => {
  it("are unit vectors that depend on the text alone", async () => {
    await using provider = await scriptedProvider();
    const client = openaiFor(provider);
    const first = await client.embeddings.create(request);
    const second = await client.embeddings.create({ ...request, encoding_format: "float" });
    expect(Math.hypot(...first.data[0]!.embedding)).toBeCloseTo(1, 5);
    expect(first.data[0]!.embedding[0]).toBeCloseTo(second.data[0]!.embedding[0]!, 6);
    expect(second.data[0]!.embedding).not.toEqual(second.data[1]!.embedding);
    expect(first.usage).toEqual({ prompt_tokens: 4, total_tokens: 4 });
  });

  it("have the dimensions that were asked for, or are scripted", async () => {
    await using provider = await scriptedProvider();
    const client = openaiFor(provider);
    const { data } = await client.embeddings.create({ ...request, dimensions: 256 });
    expect(data.map((entry) => entry.embedding.length)).toEqual([256, 256]);

    provider.queue({ embeddings: [[0.5, -0.25]], usage: { input: 7 } });
    const scripted = await client.embeddings.create({ ...request, input: "one" });
    expect([...scripted.data[0]!.embedding]).toEqual([0.5, -0.25]);
    expect(scripted.usage.total_tokens).toBe(7);
  });

  it("count a prompt of token numbers as so many tokens", async () => {
    await using provider = await scriptedProvider();
    const answer = await openaiFor(provider).embeddings.create({ ...request, input: [[1, 2, 3], [4]] });
    expect(answer.data).toHaveLength(2);
    expect(answer.usage.prompt_tokens).toBe(4);
  });
});
