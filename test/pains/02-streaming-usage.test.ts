import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { all, chatRequest, clientsOf, messageRequest, responseRequest } from "../instrumentation/support.ts";
import { usageByLength } from "../naive/stream-usage-by-length.ts";

// Streams elsewhere lose their tokens, or show an estimate as if the provider had said it: 5 and 3 for 1,000 and 77.

const told = watch();
const stream = true as const;
const USAGE = { input: 1_000, output: 77 };
const respond = () => ({ text: "hi, you", chunks: 3, usage: USAGE });

const billed = expect.objectContaining({
  inputTokens: 1_000,
  outputTokens: 77,
  costNanoUsd: expect.any(Number),
});

describe("the tokens of a stream", () => {
  it("are the provider's own count, though the caller did not ask for it", async () => {
    await using provider = await scriptedProvider({ respond });
    const chunks = await all(
      await clientsOf(provider).openai.chat.completions.create({ ...chatRequest, stream }),
    );
    expect(told.records).toEqual([billed]);
    // What was added to the request is not seen by who did not ask for it.
    expect(chunks.filter((chunk) => "usage" in chunk || chunk.choices.length === 0)).toEqual([]);
  });

  it("are the provider's own count where the caller asked for it, and the caller gets it too", async () => {
    await using provider = await scriptedProvider({ respond });
    const request = { ...chatRequest, stream, stream_options: { include_usage: true } };
    const chunks = await all(await clientsOf(provider).openai.chat.completions.create(request));
    expect(told.records).toEqual([billed]);
    expect(chunks.at(-1)?.usage).toMatchObject({ prompt_tokens: 1_000, completion_tokens: 77 });
  });

  it("are there for the responses of OpenAI and the messages of Anthropic", async () => {
    await using provider = await scriptedProvider({ respond });
    const { openai, anthropic } = clientsOf(provider);
    await all(await openai.responses.create({ ...responseRequest, stream }));
    await all(await anthropic.messages.create({ ...messageRequest, stream }));
    expect(told.records).toEqual([billed, billed]);
  });

  it("are unknown, with no cost, where the provider says none: nothing is estimated", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ text: "hi", usage: null }) });
    await all(await clientsOf(provider).openai.chat.completions.create({ ...chatRequest, stream }));
    const { attributes } = told.spans.get("chat gpt-4o-mini");
    expect(Object.keys(attributes).filter((name) => name.startsWith("gen_ai.usage"))).toEqual([]);
  });

  it("are unknown, not 0, after a break before the provider had said them", async () => {
    await using provider = await scriptedProvider({ respond });
    for await (const _ of await clientsOf(provider).openai.chat.completions.create({
      ...chatRequest,
      stream,
    }))
      break;
    const [record] = told.records;
    expect([record?.inputTokens, record?.outputTokens, record?.costNanoUsd]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("would be seen to be invented: a count by length is far from what was billed", () => {
    expect(usageByLength("12345678", ["hi, ", "you"])).not.toEqual(USAGE);
  });
});
