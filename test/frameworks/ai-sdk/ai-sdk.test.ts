import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import {
  generateText,
  isStepCount,
  type LanguageModel,
  registerTelemetry,
  streamText,
  ToolLoopAgent,
  tool,
} from "ai";
import { z } from "zod";
import { aiSdkTelemetry } from "../../../src/frameworks/ai-sdk/index.ts";
import { agent, handoff } from "../../../src/index.ts";
import { describeFramework, type FrameworkUnderTest } from "../support/describe-framework.ts";
import { BILLING, CLAUDE, RESEARCHER, type Scene, SEARCH, TRIAGE } from "../support/scene.ts";

registerTelemetry(aiSdkTelemetry());

type ModelOf = (scene: Scene) => LanguageModel;

const search = tool({
  inputSchema: z.object({ query: z.string() }),
  execute: async ({ query }) => `pages about ${query}`,
});

/** What the program of every case has in common. */
function asked(modelOf: ModelOf, scene: Scene, functionId?: string) {
  return {
    model: modelOf(scene),
    prompt: "Otters?",
    maxRetries: 0,
    ...(functionId === undefined ? {} : { telemetry: { functionId } }),
  };
}

function framework(modelOf: ModelOf): FrameworkUnderTest {
  const generates = (name: string) => (scene: Scene) => generateText(asked(modelOf, scene, name));
  return {
    plays: {
      plain: generates(RESEARCHER),
      error: generates(RESEARCHER),
      async stream(scene) {
        const { textStream } = streamText(asked(modelOf, scene, RESEARCHER));
        for await (const _ of textStream);
      },
      async abort(scene) {
        const { signal } = scene.abort;
        const { textStream } = streamText({
          ...asked(modelOf, scene, RESEARCHER),
          abortSignal: signal,
          onError() {},
        });
        for await (const _ of textStream) scene.abort.abort();
      },
      tool: (scene) =>
        new ToolLoopAgent({
          model: modelOf(scene),
          maxRetries: 0,
          tools: { [SEARCH]: search },
          stopWhen: isStepCount(3),
          telemetry: { functionId: RESEARCHER },
        }).generate({ prompt: "Otters?" }),
      handoff: agent(TRIAGE, async (scene) => {
        await generateText(asked(modelOf, scene));
        return handoff(generates(BILLING), { name: BILLING })(scene);
      }),
    },
  };
}

const openai = (scene: Scene) => createOpenAI({ apiKey: "none", baseURL: scene.provider.openaiBaseUrl });

describeFramework(
  "the AI SDK, with OpenAI's chat completions",
  framework((scene) => openai(scene).chat(scene.model)),
);
describeFramework(
  "the AI SDK, with OpenAI's responses",
  framework((scene) => openai(scene)(scene.model)),
);
describeFramework("the AI SDK, with Anthropic", {
  model: CLAUDE,
  provider: "anthropic",
  ...framework((scene) =>
    createAnthropic({ apiKey: "none", baseURL: `${scene.provider.anthropicBaseUrl}/v1` })(scene.model),
  ),
});
