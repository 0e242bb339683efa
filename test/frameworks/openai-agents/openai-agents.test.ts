import { Agent } from "@openai/agents";
import * as openaiModule from "openai";
import { describe } from "vitest";
import { openai as instrumentation } from "../../../src/instrumentation/clients/openai.ts";
import { patchClient } from "../../../src/instrumentation/patch-client.ts";
import { describeFramework } from "../support/describe-framework.ts";
import { BILLING, type Plays, RESEARCHER, type Scene, SEARCH, TRIAGE } from "../support/scene.ts";
import { type Api, queryTool, runnerFor, trace } from "./support.ts";

trace();

const search = queryTool(SEARCH, (query) => `pages about ${query}`);

function plays(api: Api): Plays {
  const ask = ({ provider, model }: Scene) =>
    runnerFor(provider, { api }).run(new Agent({ name: RESEARCHER, model }), "Otters?");
  const stream = ({ provider, model, abort }: Scene) =>
    runnerFor(provider, { api }).run(new Agent({ name: RESEARCHER, model }), "Otters?", {
      stream: true,
      signal: abort.signal,
    });
  return {
    plain: ask,
    error: ask,
    stream: async (scene) => {
      const result = await stream(scene);
      for await (const _ of result);
      await result.completed;
    },
    abort: async (scene) => {
      const result = await stream(scene);
      for await (const _ of result.toTextStream()) scene.abort.abort();
      await result.completed;
    },
    tool: ({ provider, model }) =>
      runnerFor(provider, { api }).run(new Agent({ name: RESEARCHER, model, tools: [search] }), "Otters?"),
    handoff: ({ provider, model }) => {
      const billing = new Agent({ name: BILLING, model });
      const triage = Agent.create({ name: TRIAGE, model, handoffs: [billing] });
      return runnerFor(provider, { api }).run(triage, "Why was I charged?");
    },
  };
}

describe.each(["responses", "chat_completions"] as const)("%s", (api) => {
  describeFramework("OpenAI Agents SDK", {
    plays: plays(api),
    transfer: [{ name: `transfer_to_${BILLING}`, arguments: {} }],
    ...(api === "chat_completions"
      ? { instrumentClient: () => patchClient(instrumentation, openaiModule) }
      : {}),
  });
});
