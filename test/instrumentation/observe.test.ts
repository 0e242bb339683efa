import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { agent, observe } from "../../src/index.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { all, chatRequest, messageRequest, responseRequest, USAGE } from "./support.ts";

// The CommonJS builds are copies that nobody has patched, as in a bundle.
const require = createRequire(import.meta.url);
const { OpenAI, AzureOpenAI } = require("openai") as typeof import("openai");
const { Anthropic } = require("@anthropic-ai/sdk") as typeof import("@anthropic-ai/sdk");

const told = watch();
const respond = () => ({ text: "otters hold hands", usage: USAGE });

async function observed() {
  const provider = await scriptedProvider({ respond });
  return {
    provider,
    openai: observe(new OpenAI({ apiKey: "sk-test", baseURL: provider.openaiBaseUrl, maxRetries: 0 })),
    anthropic: observe(
      new Anthropic({ apiKey: "sk-ant-test", baseURL: provider.anthropicBaseUrl, maxRetries: 0 }),
    ),
    [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose](),
  };
}

describe("observe", () => {
  it("returns the same client", async () => {
    const client = new OpenAI({ apiKey: "sk-test" });
    expect(observe(client)).toBe(client);
  });

  it("makes a span of each kind of call of an openai client", async () => {
    await using clients = await observed();
    await clients.openai.chat.completions.create(chatRequest);
    await clients.openai.responses.create(responseRequest);
    await clients.openai.embeddings.create({ model: "text-embedding-3-small", input: "otters" });
    expect(told.spans.spans.map(({ name }) => name)).toEqual([
      "chat gpt-4o-mini",
      "chat gpt-5",
      "embeddings text-embedding-3-small",
    ]);
  });

  it("makes a span of a call of an Anthropic client", async () => {
    await using clients = await observed();
    await clients.anthropic.messages.create(messageRequest);
    expect(told.spans.get("chat claude-sonnet-5").attributes["gen_ai.usage.output_tokens"]).toBe(
      USAGE.output,
    );
  });

  it("sees streams to their end", async () => {
    await using clients = await observed();
    await all(await clients.openai.chat.completions.create({ ...chatRequest, stream: true }));
    expect(told.spans.get("chat gpt-4o-mini").attributes["gen_ai.usage.input_tokens"]).toBe(USAGE.input);
  });

  it("books the calls on the agent at work", async () => {
    await using clients = await observed();
    await agent("researcher", () => clients.openai.chat.completions.create(chatRequest))();
    expect(told.spans.get("chat gpt-4o-mini").attributes["gen_ai.agent.name"]).toBe("researcher");
  });

  it("makes one span a call when it is asked twice", async () => {
    await using clients = await observed();
    observe(clients.openai);
    await clients.openai.chat.completions.create(chatRequest);
    expect(told.spans.spans).toHaveLength(1);
  });

  it("leaves other clients of the same class alone", async () => {
    await using clients = await observed();
    const { openaiBaseUrl: baseURL } = clients.provider;
    await new OpenAI({ apiKey: "sk-test", baseURL }).chat.completions.create(chatRequest);
    expect(told.spans.spans).toEqual([]);
  });

  it("observes what withOptions() gives", async () => {
    await using clients = await observed();
    await clients.openai.withOptions({ timeout: 5_000 }).chat.completions.create(chatRequest);
    expect(told.spans.spans).toHaveLength(1);
  });

  it("knows Azure's client by its base URL", () => {
    const azure = new AzureOpenAI({
      apiKey: "k",
      apiVersion: "2025-01-01",
      endpoint: "https://me.openai.azure.com",
    });
    expect(observe(azure)).toBe(azure);
  });

  it.each([
    [{}, "an object of class Object"],
    [{ messages: [] }, "an object of class Object"],
    [null, "null"],
    ["openai", "openai"],
  ])("refuses %j with a TypeError that names it", (client, named) => {
    expect(() => observe(client as object)).toThrow(
      new TypeError(
        `observe: client must be an instance of a client of openai, @anthropic-ai/sdk, got ${named}`,
      ),
    );
  });
});
