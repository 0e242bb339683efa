// OpenLLMetry: its SDK's decorators around its instrumentations of openai and Anthropic's client, the newest that they take.
import { createRequire } from "node:module";
import { askAnthropic, askOpenAi } from "../scenarios.mjs";
import { SpanLog } from "../span-log.mjs";

export const libraries = [
  "@traceloop/node-server-sdk",
  "@traceloop/instrumentation-openai",
  "@traceloop/instrumentation-anthropic",
  "openai-6",
  "anthropic-0",
];

export async function record(provider) {
  const require = createRequire(import.meta.url);
  const traceloop = require("@traceloop/node-server-sdk");
  const openaiExports = require("openai-6");
  const anthropicExports = require("anthropic-0");
  const log = new SpanLog();
  traceloop.initialize({
    appName: "recorder",
    disableBatch: true,
    silenceInitializationMessage: true,
    telemetryEnabled: false,
    traceloopSyncEnabled: false,
    processor: log,
    instrumentModules: { openAI: openaiExports.OpenAI, anthropic: anthropicExports },
  });
  const openai = new openaiExports.OpenAI({
    apiKey: "sk-test",
    baseURL: provider.openaiBaseUrl,
    maxRetries: 0,
  });
  const anthropic = new anthropicExports.Anthropic({
    apiKey: "sk-ant-test",
    baseURL: provider.anthropicBaseUrl,
    maxRetries: 0,
  });
  await askOpenAi(openai, provider);
  await askAnthropic(anthropic, provider);
  const chat = { model: "gpt-4o-mini", messages: [{ role: "user", content: "What is new?" }] };
  await traceloop.withWorkflow({ name: "report" }, () =>
    traceloop.withAgent({ name: "writer" }, async () => {
      await traceloop.withTool({ name: "search" }, async () => "nothing");
      await traceloop.withTask({ name: "draft" }, () => openai.chat.completions.create(chat));
    }),
  );
  return log.spans();
}
