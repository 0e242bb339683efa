import { generateText, type LanguageModel, type ModelMessage } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import OpenAI, * as openaiModule from "openai";
import { describe, expect, it } from "vitest";
import { aiSdkTelemetry } from "../../../src/frameworks/ai-sdk/index.ts";
import { agent } from "../../../src/index.ts";
import { openai as instrumentation } from "../../../src/instrumentation/clients/openai.ts";
import { patchClient } from "../../../src/instrumentation/patch-client.ts";
import * as names from "../../../src/telemetry/semconv.ts";
import { openDesk } from "./desk.ts";

const desk = openDesk();
const USAGE = { input: 100, output: 20 };

function write(more: object = {}, model: LanguageModel = desk.openai.chat("gpt-4o-mini")) {
  return generateText({ model, prompt: "Otters?", telemetry: { functionId: "writer" }, ...more });
}

const spanNames = () => desk.spans.spans.map(({ name }) => name).toSorted();
const WRITTEN = ["chat gpt-4o-mini", "invoke_agent writer"];

describe("a call of the AI SDK", () => {
  it("without a functionId belongs to the agent around it", async () => {
    await agent("editor", () => write({ telemetry: {} }))();
    expect(spanNames()).toEqual(["chat gpt-4o-mini", "invoke_agent editor"]);
    expect(desk.spans.get(/^chat/).attributes[names.ATTR_AGENT_NAME]).toBe("editor");
  });

  it("with a functionId is an agent that the agent around it has called", async () => {
    await agent("editor", () => write())();
    const writer = desk.spans.get("invoke_agent writer");
    expect(writer.attributes[names.ATTR_CALLER_NAME]).toBe("editor");
    expect(desk.spans.parentOf(writer)?.name).toBe("invoke_agent editor");
  });

  it("outside of any agent is a model call with tokens and cost", async () => {
    desk.provider.queue({ usage: USAGE });
    await write({ telemetry: {} });
    expect(spanNames()).toEqual(["chat gpt-4o-mini"]);
    expect(desk.spans.get(/^chat/).attributes[names.ATTR_COST_AMOUNT]).toEqual(expect.any(Number));
  });

  it("is named by the program's own rule where there is one", async () => {
    const agentName = (id: string) => (id.startsWith("agent:") ? id.slice(6) : undefined);
    const integrations = aiSdkTelemetry({ agentName });
    await write({ telemetry: { functionId: "agent:poet", integrations } });
    await write({ telemetry: { functionId: "summarize", integrations } });
    expect(spanNames()).toEqual(["chat gpt-4o-mini", "chat gpt-4o-mini", "invoke_agent poet"]);
  });

  it("that asks for no telemetry has none", async () => {
    await write({ telemetry: { functionId: "writer", isEnabled: false } });
    expect(spanNames()).toEqual([]);
  });

  it("is known to the totals without an SDK", async () => {
    desk.spans.stop();
    desk.provider.queue({ usage: USAGE });
    await agent("editor", () => write())();
    const [model, writer, editor] = desk.records;
    expect(model).toMatchObject({ operation: "chat", agent: "writer", inputTokens: 100 });
    expect(writer).toMatchObject({ operation: "invoke_agent", agent: "writer", caller: "editor" });
    expect(editor).toMatchObject({ agent: "editor", subtree: { calls: 1, tokens: 120 } });
  });

  it("does not mix with others that run at the same time", async () => {
    const agents = Array.from({ length: 8 }, (_, index) => `writer ${index}`);
    desk.provider.queue(...agents.map(() => ({ usage: USAGE, delayMs: 2 })));
    await Promise.all(agents.map((functionId) => write({ telemetry: { functionId } })));
    for (const functionId of agents) {
      const span = desk.spans.get(`invoke_agent ${functionId}`);
      const [model, ...more] = desk.spans.childrenOf(span);
      expect(more).toEqual([]);
      expect(model?.attributes[names.ATTR_AGENT_NAME]).toBe(functionId);
      expect(span.attributes[names.ATTR_OWN_TOKENS]).toBe(120);
    }
  });

  it("of several turns is one agent call a turn", async () => {
    const messages: ModelMessage[] = [];
    await agent("conversation", async () => {
      for (const content of ["Otters?", "Where?"]) {
        messages.push({ role: "user", content });
        const { responseMessages } = await write({ prompt: undefined, messages });
        messages.push(...responseMessages);
      }
    })();
    expect(spanNames()).toEqual([...WRITTEN, ...WRITTEN, "invoke_agent conversation"].toSorted());
  });

  it("that is tried again is two model calls and one cost", async () => {
    desk.provider.queue({ fail: { status: 429, retryAfterMs: 1 } }, { usage: USAGE });
    await write();
    expect(spanNames()).toEqual(["chat gpt-4o-mini", ...WRITTEN]);
    expect(desk.spans.all(/^chat/).map(({ attributes }) => names.ATTR_COST_AMOUNT in attributes)).toEqual([
      false,
      true,
    ]);
    expect(desk.provider.requests).toHaveLength(2);
  });

  it("that fails throws the error that it throws without the hook", async () => {
    const thrown = async () => {
      desk.provider.queue({ fail: { status: 400 } });
      return write().then(
        () => undefined,
        (error: unknown) => error,
      );
    };
    const watched = await thrown();
    desk.stopWatching();
    const plain = await thrown();
    expect(String(watched)).toBe(String(plain));
    expect(Object.keys(watched as object)).toEqual(Object.keys(plain as object));
  });

  it("that fails tells of the provider's error also where content is kept back", async () => {
    desk.provider.queue({ fail: { status: 400 } });
    await expect(write({ telemetry: { functionId: "writer", recordInputs: false } })).rejects.toThrow();
    expect(desk.spans.get("invoke_agent writer").attributes[names.ATTR_ERROR_TYPE]).toBe("AI_APICallError");
  });

  it("through a client that is instrumented is the client's model call", async () => {
    await patchClient(instrumentation, openaiModule);
    const client = new OpenAI({ apiKey: "none", baseURL: desk.provider.openaiBaseUrl });
    const model = new MockLanguageModelV4({
      provider: "openai.chat",
      modelId: "gpt-4o-mini",
      async doGenerate() {
        const answer = await client.chat.completions.create({
          model: "gpt-4o-mini",
          messages: [{ role: "user", content: "Otters?" }],
        });
        const { prompt_tokens: total, completion_tokens } = answer.usage ?? {};
        return {
          content: [{ type: "text", text: answer.choices[0]?.message.content ?? "" }],
          finishReason: { unified: "stop", raw: "stop" },
          usage: {
            inputTokens: { total, noCache: total, cacheRead: 0, cacheWrite: 0 },
            outputTokens: { total: completion_tokens, text: completion_tokens, reasoning: 0 },
          },
          warnings: [],
        };
      },
    });
    desk.provider.queue({ usage: USAGE });
    await write({}, model);
    expect(spanNames()).toEqual(WRITTEN);
    expect(desk.spans.get("invoke_agent writer").attributes[names.ATTR_OWN_TOKENS]).toBe(120);
  });
});

describe("a hook that is registered", () => {
  it("twice records once", async () => {
    desk.register(aiSdkTelemetry());
    await write();
    expect(spanNames()).toEqual(WRITTEN);
    expect(desk.spans.open).toEqual([]);
  });

  it("for one call alone records that call", async () => {
    desk.stopWatching();
    await write();
    await write({ telemetry: { functionId: "writer", integrations: [aiSdkTelemetry()] } });
    expect(spanNames()).toEqual(WRITTEN);
  });

  it("stands back from the AI SDK's own OpenTelemetry integration", async () => {
    class OpenTelemetry {}
    desk.register(new OpenTelemetry());
    await write();
    expect(spanNames()).toEqual([]);
  });

  it("says which option is unfit", () => {
    expect(() => aiSdkTelemetry({ capture: "yes" as never })).toThrow(
      "aiSdkTelemetry: capture must be true or false, got yes",
    );
    expect(() => aiSdkTelemetry({ agentName: "writer" as never })).toThrow(
      "aiSdkTelemetry: agentName must be a function, got string",
    );
  });

  it("does not fail a call when the program's own rule does", async () => {
    const agentName = () => {
      throw new Error("no such name");
    };
    await write({ telemetry: { functionId: "writer", integrations: aiSdkTelemetry({ agentName }) } });
    expect(spanNames()).toEqual(["chat gpt-4o-mini"]);
  });
});
