import OpenAI, * as openaiModule from "openai";
import { agent, chat, handoff, tool } from "../../../src/index.ts";
import { openai as instrumentation } from "../../../src/instrumentation/clients/openai.ts";
import { patchClient } from "../../../src/instrumentation/patch-client.ts";
import { describeFramework } from "../support/describe-framework.ts";
import { BILLING, RESEARCHER, type Scene, SEARCH, TRIAGE } from "../support/scene.ts";

const search = tool(SEARCH, async (query: string) => `pages about ${query}`);

/** One request by hand, as a program does that has no client which is instrumented. */
async function ask({ provider, model }: Scene) {
  return chat({ provider: "openai", model }, async ({ usage }) => {
    const client = new OpenAI({ apiKey: "none", baseURL: provider.openaiBaseUrl, maxRetries: 0 });
    const answer = await client.chat.completions.create({
      model,
      messages: [{ role: "user", content: "Otters?" }],
    });
    const {
      prompt_tokens: input = 0,
      completion_tokens: output = 0,
      prompt_tokens_details,
    } = answer.usage ?? {};
    usage({ input, output, cacheRead: prompt_tokens_details?.cached_tokens ?? 0 });
    return answer.choices[0]?.message;
  });
}

async function* stream({ provider, model, abort }: Scene): AsyncGenerator<string> {
  const client = new OpenAI({ apiKey: "none", baseURL: provider.openaiBaseUrl, maxRetries: 0 });
  const body = {
    model,
    messages: [{ role: "user" as const, content: "Otters?" }],
    stream: true as const,
    stream_options: { include_usage: true },
  };
  yield* chat({ provider: "openai", model, stream: true }, async function* ({ chunk, usage }) {
    for await (const { choices, usage: told } of await client.chat.completions.create(body, {
      signal: abort.signal,
    })) {
      chunk();
      if (told) {
        const { prompt_tokens: input, completion_tokens: output, prompt_tokens_details } = told;
        usage({ input, output, cacheRead: prompt_tokens_details?.cached_tokens ?? 0 });
      }
      yield choices[0]?.delta.content ?? "";
    }
  });
}

describeFramework("agents of our own", {
  transfer: [{ name: `transfer_to_${BILLING}`, arguments: {} }],
  instrumentClient: () => patchClient(instrumentation, openaiModule),
  plays: {
    plain: agent(RESEARCHER, ask),
    error: agent(RESEARCHER, ask),
    stream: agent(RESEARCHER, async (scene) => {
      for await (const _ of stream(scene));
    }),
    abort: agent(RESEARCHER, async (scene) => {
      for await (const _ of stream(scene)) scene.abort.abort();
    }),
    tool: agent(RESEARCHER, async (scene) => {
      const message = await ask(scene);
      for (const _ of message?.tool_calls ?? []) await search("otters");
      return ask(scene);
    }),
    handoff: agent(TRIAGE, async (scene) => {
      await ask(scene);
      return handoff(agent(BILLING, ask))(scene);
    }),
  },
});
