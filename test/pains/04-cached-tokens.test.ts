import { expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { chatRequest, clientsOf, messageRequest } from "../instrumentation/support.ts";
import { allPartsAdded } from "../naive/usage-parts-added.ts";

// OpenAI's input includes the cached tokens, Anthropic's leaves them out. Who adds both up shows 35,720 for 17,903 tokens.

const told = watch();
const USAGE = { input: 17_903, cacheRead: 17_817, output: 10 };
/** Dollars a million tokens, as they were when these models came out. */
const OPENAI = { model: "gpt-4o-mini", input: 0.15, cached: 0.075, output: 0.6 };
const ANTHROPIC = { model: "claude-haiku-4-5", input: 1, cached: 0.1, written: 1.25, output: 5 };

it("OpenAI's cached tokens are part of the input, and cost what cached tokens cost", async () => {
  await using provider = await scriptedProvider({ respond: () => ({ usage: USAGE }) });
  const answer = await clientsOf(provider).openai.chat.completions.create(chatRequest);
  expect(answer.usage).toMatchObject({
    prompt_tokens: 17_903,
    prompt_tokens_details: { cached_tokens: 17_817 },
  });
  expectInput(86 * OPENAI.input + 17_817 * OPENAI.cached + 10 * OPENAI.output);
});

it("Anthropic's cached tokens are added to the input, and cost what cached tokens cost", async () => {
  await using provider = await scriptedProvider({ respond: () => ({ usage: USAGE }) });
  const request = { ...messageRequest, model: ANTHROPIC.model };
  const answer = await clientsOf(provider).anthropic.messages.create(request);
  expect(answer.usage).toMatchObject({ input_tokens: 86, cache_read_input_tokens: 17_817 });
  expectInput(86 * ANTHROPIC.input + 17_817 * ANTHROPIC.cached + 10 * ANTHROPIC.output);
});

it("tokens that Anthropic writes into its cache are input too, at their own price", async () => {
  await using provider = await scriptedProvider({
    respond: () => ({ usage: { input: 17_903, cacheRead: 10_000, cacheWrite5m: 7_817, output: 10 } }),
  });
  await clientsOf(provider).anthropic.messages.create({ ...messageRequest, model: ANTHROPIC.model });
  expect(told.records[0]).toMatchObject({
    inputTokens: 17_903,
    cacheReadTokens: 10_000,
    cacheWriteTokens: 7_817,
  });
  const { input, cached, written, output } = ANTHROPIC;
  expectCost(86 * input + 10_000 * cached + 7_817 * written + 10 * output);
});

it("would be seen to be doubled: all parts added up are 35,720", () => {
  expect(allPartsAdded({ input: 17_903, cached: 17_817, output: 10, reasoning: 0 }).input).toBe(35_720);
});

function expectInput(microUsd: number): void {
  expect(told.spans.spans[0]?.attributes).toMatchObject({
    "gen_ai.usage.input_tokens": 17_903,
    "gen_ai.usage.cache_read.input_tokens": 17_817,
  });
  expectCost(microUsd);
}

function expectCost(microUsd: number): void {
  expect(Number(told.spans.spans[0]?.attributes["gen_ai.usage.cost.amount"])).toBeCloseTo(microUsd / 1e6, 9);
}
