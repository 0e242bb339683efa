// Two layers at once: OpenInference's spans of LangChain around OpenInference's or OpenTelemetry's spans of openai.
import { createRequire } from "node:module";
import { LangChainInstrumentation } from "@arizeai/openinference-instrumentation-langchain";
import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { readAll } from "../scenarios.mjs";
import { startLog } from "../span-log.mjs";

export const libraries = [
  "@arizeai/openinference-instrumentation-langchain",
  "@arizeai/openinference-instrumentation-openai",
  "@langchain/core",
  "@langchain/openai",
];

export async function record(provider) {
  const { log, provider: tracerProvider } = startLog();
  const require = createRequire(import.meta.url);
  const langchain = new LangChainInstrumentation({ tracerProvider });
  langchain.setTracerProvider(tracerProvider);
  langchain.manuallyInstrument(require("@langchain/core/callbacks/manager"));
  const fromLangChain = createRequire(require.resolve("@langchain/openai"));
  const openai = new OpenAIInstrumentation({ tracerProvider });
  openai.setTracerProvider(tracerProvider);
  openai.manuallyInstrument(fromLangChain("openai"));
  const { ChatOpenAI, OpenAIEmbeddings } = require("@langchain/openai");
  const { ChatPromptTemplate } = require("@langchain/core/prompts");
  const configuration = { baseURL: provider.openaiBaseUrl };
  const options = { apiKey: "sk-test", configuration, maxRetries: 0 };
  const model = new ChatOpenAI({ ...options, model: "gpt-4o-mini" });
  await model.invoke("What is new?");
  await readAll(model.stream("What is new?"));
  const chain = ChatPromptTemplate.fromTemplate("What is {what}?").pipe(model);
  await chain.invoke({ what: "new" });
  const responses = new ChatOpenAI({ ...options, model: "gpt-5", useResponsesApi: true });
  await responses.invoke("What is new?");
  await new OpenAIEmbeddings({ ...options, model: "text-embedding-3-small" }).embedQuery("What is new?");
  provider.queue({ fail: { status: 401 } });
  await model.invoke("What is new?").catch(() => {});
  return log.spans();
}
