import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { bothWays, clientsOf } from "./support.ts";

const told = watch();
const MODEL = "text-embedding-3-small";
const respond = () => ({ usage: { input: 1_000, output: 0 } });

describe("embeddings", () => {
  it("become one span with the input tokens and the cost", async () => {
    await using provider = await scriptedProvider({ respond });
    await clientsOf(provider).openai.embeddings.create({ model: MODEL, input: "otters", dimensions: 8 });
    const span = told.spans.get(`embeddings ${MODEL}`);
    expect(span.attributes).toMatchObject({
      "gen_ai.operation.name": "embeddings",
      "gen_ai.usage.input_tokens": 1_000,
      "gen_ai.embeddings.dimension.count": 8,
      // 1,000 at 0.02 USD per million.
      "gen_ai.usage.cost.amount": 0.00002,
    });
    expect(told.spans.spans).toHaveLength(1);
  });

  it.each(["float", "base64"] as const)(
    "name the encoding that was asked for: %s",
    async (encoding_format) => {
      await using provider = await scriptedProvider({ respond });
      await clientsOf(provider).openai.embeddings.create({ model: MODEL, input: "otters", encoding_format });
      const { attributes } = told.spans.get(`embeddings ${MODEL}`);
      expect(attributes["gen_ai.request.encoding_formats"]).toEqual([encoding_format]);
    },
  );

  it.each([undefined, "float", "base64"] as const)(
    "are the same to the caller (%s)",
    async (encoding_format) => {
      const { patched, untouched } = await bothWays([{ usage: { input: 7, output: 0 } }], ({ openai }) =>
        openai.embeddings.create({
          model: MODEL,
          input: ["otters", "hold hands"],
          ...(encoding_format === undefined ? {} : { encoding_format }),
        }),
      );
      expect(patched).toEqual(untouched);
    },
  );
});
