// LangChain without LangGraph: nobody has made the AsyncLocalStorage that they share, so nothing is known of where a run is at work.
import { RunnableLambda } from "@langchain/core/runnables";
import { ChatOpenAI } from "@langchain/openai";
import * as openaiModule from "openai";
import { describe, expect, it } from "vitest";
import { agentOtelHandler } from "../../../src/frameworks/langchain/index.ts";
import { agent } from "../../../src/index.ts";
import { openai as instrumentation } from "../../../src/instrumentation/clients/openai.ts";
import { patchClient } from "../../../src/instrumentation/patch-client.ts";
import { FIRST } from "../support/scene.ts";
import { watched } from "./support.ts";

const told = watched();

describe("a chain without LangGraph", () => {
  it("is part of the agent around it, and its call of a model counts once with the client instrumented", async () => {
    expect(Reflect.get(globalThis, Symbol.for("ls:tracing_async_local_storage"))).toBeUndefined();
    patchClient(instrumentation, openaiModule);
    told.provider.queue({ text: "They hold hands.", usage: FIRST }, { text: "Yes.", usage: FIRST });
    const model = new ChatOpenAI({
      model: "gpt-4o-mini",
      apiKey: "none",
      maxRetries: 0,
      configuration: { baseURL: told.provider.openaiBaseUrl },
    });
    const chain = RunnableLambda.from((topic: string) => `What of ${topic}?`).pipe(model);
    const writer = agent("writer", async (topic: string) => {
      await chain.invoke(topic, { callbacks: [agentOtelHandler()] });
      for await (const _ of await chain.stream(topic, { callbacks: [agentOtelHandler()] }));
    });
    await writer("otters");
    expect(told.tree()).toEqual(["invoke_agent writer", "  chat gpt-4o-mini", "  chat gpt-4o-mini"]);
    expect(told.spans.get("invoke_agent writer").attributes["agents.own.tokens"]).toBe(300);
  });
});
