import Anthropic from "@anthropic-ai/sdk";
import { chat } from "agent-otel";
import { type ScriptedAnswer, scriptedProvider } from "agent-otel/testing";
import OpenAI from "openai";
import type { Bookkeeper } from "./books.ts";

export const GPT = "gpt-4o-mini";
export const CLAUDE = "claude-haiku-4-5";
/** Nobody knows its price. */
export const HOMEMADE = "homemade-7b";
export const EMBEDDER = "text-embedding-3-small";

/** Nano-dollars per token, from the providers' price pages: input, output, cached input, cache write of five minutes. */
const PRICES = {
  [GPT]: { input: 150, output: 600, cacheRead: 75, cacheWrite: 0 },
  [CLAUDE]: { input: 1_000, output: 5_000, cacheRead: 100, cacheWrite: 1_250 },
} as const;
const EMBEDDING_NANO_USD = 20;

type PricedModel = keyof typeof PRICES;

interface Asked {
  readonly stream?: boolean;
  /** The provider answers 500. */
  readonly fails?: boolean;
}

/** Models of two providers and one of nobody's; everything that they bill is in the books. */
export async function openModels(keeper: Bookkeeper, random: () => number) {
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const provider = await scriptedProvider();
  const openai = new OpenAI({ apiKey: "none", baseURL: provider.openaiBaseUrl, maxRetries: 0 });
  const anthropic = new Anthropic({ apiKey: "none", baseURL: provider.anthropicBaseUrl, maxRetries: 0 });
  const messages = [{ role: "user" as const, content: "go on" }];

  const sendOpenAi = async (model: string, stream: boolean): Promise<void> => {
    if (!stream) await openai.chat.completions.create({ model, messages });
    else for await (const _ of await openai.chat.completions.create({ model, messages, stream: true }));
  };
  const sendAnthropic = async (model: string, stream: boolean): Promise<void> => {
    const request = { model, max_tokens: 64, messages };
    if (!stream) await anthropic.messages.create(request);
    else for await (const _ of await anthropic.messages.create({ ...request, stream: true }));
  };
  const send = (model: string, stream: boolean): Promise<void> =>
    model === CLAUDE ? sendAnthropic(model, stream) : sendOpenAi(model, stream);

  return {
    close: () => provider.close(),

    /** @param agent Who asks; left out: nobody's agent. */
    async ask(
      agent: string | undefined,
      model: PricedModel,
      { stream = false, fails = false }: Asked = {},
    ): Promise<void> {
      keeper.called(agent, `model:${model}`, fails);
      if (fails) {
        provider.queue({ fail: { status: 500 } });
        await send(model, stream);
        return;
      }
      const input = 200 + upTo(3_000);
      const output = 20 + upTo(800);
      const cacheRead = 1 + upTo(100);
      const cacheWrite = model === CLAUDE ? 1 + upTo(100) : 0;
      const reasoning = model === GPT ? 1 + upTo(output) : 0;
      const parts = model === CLAUDE ? { cacheWrite5m: cacheWrite } : { reasoning };
      const answer: ScriptedAnswer = {
        usage: { input, output, cacheRead, ...parts },
        chunks: 4,
        delayMs: 5 + upTo(40),
        chunkDelayMs: 4,
      };
      provider.queue(answer);
      await send(model, stream);
      const price = PRICES[model];
      const nanoUsd =
        (input - cacheRead - cacheWrite) * price.input +
        output * price.output +
        cacheRead * price.cacheRead +
        cacheWrite * price.cacheWrite;
      keeper.billed(agent, model, { input, output, cacheRead, cacheWrite, reasoning }, nanoUsd);
    },

    /** A model without a price, or one that does not say what it took. */
    async askOther(agent: string, tells: "usage" | "nothing"): Promise<void> {
      keeper.called(agent, `model:${HOMEMADE}`, false);
      const usage = tells === "usage" ? { input: 100 + upTo(100), output: 10 + upTo(10) } : undefined;
      await chat({ provider: "homemade", model: HOMEMADE }, async (call) => {
        if (usage !== undefined) call.usage(usage);
      });
      keeper.billed(agent, HOMEMADE, { ...usage }, undefined);
    },

    async embed(agent: string | undefined, fails = false): Promise<void> {
      const input = 50 + upTo(500);
      keeper.called(agent, `model:${EMBEDDER}`, fails);
      if (fails) {
        provider.queue({ fail: { status: 500 } });
        await openai.embeddings.create({ model: EMBEDDER, input: "a page" });
        return;
      }
      provider.queue({ usage: { input } });
      await openai.embeddings.create({ model: EMBEDDER, input: "a page" });
      keeper.billed(agent, EMBEDDER, { input }, input * EMBEDDING_NANO_USD);
    },
  };
}

export type Models = Awaited<ReturnType<typeof openModels>>;
