import * as sdk from "@openai/agents";
import { describe, expect, it, onTestFinished } from "vitest";
import { agentOtelProcessor, traceOpenAIAgents } from "../../../src/frameworks/openai-agents/index.ts";
import { runs } from "../../../src/frameworks/openai-agents/runs.ts";
import { agent } from "../../../src/index.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import { watch } from "../../agent/support.ts";
import { type Api, calls, provide, queryTool, runnerFor, says } from "./support.ts";

const model = "gpt-4o-mini";
const { Agent, setTraceProcessors, setTracingDisabled, withGenerationSpan, withTrace } = sdk;

/** Another exporter, that takes its time with each event. */
const slow = () => {
  const late = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    onTraceStart: late,
    onTraceEnd: late,
    onSpanStart: late,
    onSpanEnd: late,
    shutdown: late,
    forceFlush: late,
  };
};

setTracingDisabled(false);

// None of these watches the model classes: what comes out is what the SDK's own spans tell.
describe("agentOtelProcessor alone", () => {
  const told = watch({ spanProcessors: [agentSpanProcessor()] });
  const scripted = provide();
  const over = () => expect.poll(() => told.spans.open).toEqual([]);
  const chats = () => told.spans.all(/^chat/);
  const withTool = () =>
    new Agent({ name: "writer", model, tools: [queryTool("look", () => agent("expert", () => "x")())] });

  describe.each<Api>(["responses", "chat_completions"])("%s", (api) => {
    const run = () => runnerFor(scripted.provider, { api }).run(withTool(), "Otters?");

    it("tells of each model call with its tokens and cost", async () => {
      setTraceProcessors([agentOtelProcessor()]);
      scripted.provider.queue(
        { ...calls("look"), usage: { input: 100, output: 10, cacheRead: 60, reasoning: 4 } },
        says("Yes."),
      );
      await run();
      await over();
      expect(chats()).toHaveLength(2);
      expect(chats()[0]?.attributes).toMatchObject({
        "gen_ai.request.model": model,
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.cache_read.input_tokens": 60,
        "gen_ai.usage.reasoning.output_tokens": 4,
        "gen_ai.agent.name": "writer",
      });
      expect(told.spans.get("invoke_agent writer").attributes["agents.subtree.tokens"]).toBe(165);
    });

    it("does so of streams", async () => {
      setTraceProcessors([agentOtelProcessor()]);
      scripted.provider.queue(says("Yes."));
      const result = await runnerFor(scripted.provider, { api }).run(withTool(), "Otters?", { stream: true });
      for await (const _ of result);
      await over();
      expect(chats()[0]?.attributes["gen_ai.usage.output_tokens"]).toBe(5);
    });

    it.each([
      ["before", [agentOtelProcessor(), slow()]],
      ["after", [slow(), agentOtelProcessor()]],
      ["twice, around", [agentOtelProcessor(), slow(), agentOtelProcessor()]],
    ])("gives everything its place %s another processor that is slow", async (_, processors) => {
      setTraceProcessors(processors);
      scripted.provider.queue(calls("look"), says("Yes."));
      await run();
      await over();
      expect(told.spans.spans.map(({ name }) => name).toSorted()).toEqual([
        `chat ${model}`,
        `chat ${model}`,
        "execute_tool look",
        "invoke_agent expert",
        "invoke_agent writer",
        "invoke_workflow Agent workflow",
      ]);
      expect(told.spans.get("invoke_agent expert").attributes["gen_ai.caller.name"]).toBe("writer");
    });
  });

  it("puts arguments and results of tools on their spans where it is asked to", async () => {
    setTraceProcessors([agentOtelProcessor({ capture: true })]);
    scripted.provider.queue(calls("look"), says("Yes."));
    await runnerFor(scripted.provider).run(withTool(), "Otters?");
    expect(told.spans.get("execute_tool look").attributes).toMatchObject({
      "gen_ai.tool.call.arguments": '{"query":"otters"}',
      "gen_ai.tool.call.result": "x",
    });
  });

  it("remembers nothing of runs that are over, however they ended", async () => {
    setTraceProcessors([agentOtelProcessor()]);
    for (let count = 0; count < 20; count += 1) {
      scripted.provider.queue(says("Yes."), { fail: { status: 400 } });
      await runnerFor(scripted.provider).run(withTool(), "Otters?");
      await runnerFor(scripted.provider)
        .run(withTool(), "Otters?")
        .catch(() => {});
      await withTrace("broken", () => Promise.reject(new Error("broke"))).catch(() => {});
    }
    await withTrace("last", async () => {});
    await expect.poll(() => runs.size).toBe(0);
  });

  it("knows who handed over where another processor holds the ends of spans up", async () => {
    const held = {
      ...slow(),
      onSpanEnd: () => new Promise<void>((resolve) => setTimeout(resolve, 200).unref()),
    };
    setTraceProcessors([held, agentOtelProcessor()]);
    scripted.provider.queue(calls("transfer_to_second", {}), says("Yes."));
    const second = new Agent({ name: "second", model });
    await runnerFor(scripted.provider).run(
      Agent.create({ name: "first", model, handoffs: [second] }),
      "Otters?",
    );
    await over();
    expect(told.spans.get("invoke_agent second").attributes["gen_ai.caller.name"]).toBe("first");
    expect(told.spans.get("execute_tool transfer_to_second second")).toBeDefined();
    expect(told.spans.get("invoke_workflow Agent workflow").attributes["agents.subtree.tokens"]).toBe(165);
  });

  it("takes the vendor and model of a model over the AI SDK from its span", async () => {
    setTraceProcessors([agentOtelProcessor()]);
    await withTrace("support", () =>
      withGenerationSpan(async (span) => {
        span.spanData.model = "anthropic.messages:claude-haiku-4-5";
        span.spanData.model_config = { provider: "anthropic.messages", model_impl: "ai-sdk" };
        span.spanData.usage = { input_tokens: 10, output_tokens: 2 };
      }),
    );
    expect(chats()[0]?.attributes).toMatchObject({
      "gen_ai.provider.name": "anthropic",
      "gen_ai.request.model": "claude-haiku-4-5",
      "gen_ai.usage.input_tokens": 10,
    });
  });

  it("knows no tokens where the program keeps data out of the SDK's traces", async () => {
    setTraceProcessors([agentOtelProcessor()]);
    scripted.provider.queue(says("Yes."));
    await runnerFor(scripted.provider, { traceIncludeSensitiveData: false }).run(
      new Agent({ name: "writer", model }),
      "Otters?",
    );
    await over();
    expect(chats()).toHaveLength(1);
    expect(chats()[0]?.attributes["gen_ai.usage.input_tokens"]).toBeUndefined();
  });

  it("tells of nothing where the SDK's tracing is off", async () => {
    setTraceProcessors([agentOtelProcessor()]);
    scripted.provider.queue(says("Yes."));
    await runnerFor(scripted.provider, { tracingDisabled: true }).run(
      new Agent({ name: "writer", model }),
      "Otters?",
    );
    expect(told.spans.spans).toEqual([]);
  });

  it("ends what is open when it is shut down, and can be used again", async () => {
    const processor = agentOtelProcessor();
    setTraceProcessors([processor]);
    let wake = (): void => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    onTestFinished(() => wake());
    void withTrace("support", () => asleep);
    await processor.shutdown();
    expect(told.spans.open).toEqual([]);
    await withTrace("again", async () => {});
    expect(told.spans.get("invoke_workflow again")).toBeDefined();
  });

  it("goes on with a run that waited for an approval", async () => {
    setTraceProcessors([agentOtelProcessor()]);
    scripted.provider.queue(calls("wipe"), says("Done."));
    const wipe = sdk.tool({
      name: "wipe",
      description: "Wipes.",
      strict: false,
      parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
      needsApproval: true,
      execute: async () => "wiped",
    });
    const careful = new Agent({ name: "careful", model, tools: [wipe] });
    const runner = runnerFor(scripted.provider);
    const { interruptions, state } = await runner.run(careful, "Wipe it.");
    state.approve(interruptions[0]!);
    await runner.run(careful, state);
    await over();
    expect(told.spans.all(/^chat/)).toHaveLength(2);
    expect(told.spans.get("execute_tool wipe").attributes["gen_ai.agent.name"]).toBe("careful");
    expect(told.warnings).toEqual([]);
  });

  it.each([
    [{ capture: 1 }, /capture must be a boolean, got number/],
    [{ provider: "" }, /provider must be a string/],
  ])("refuses the option %j", (options, message) => {
    expect(() => agentOtelProcessor(options as never)).toThrow(message);
  });

  it("says so once where the SDK has no model classes that are known, and goes on", () => {
    const later = { addTraceProcessor() {}, setTraceProcessors() {}, OpenAIProvider: class {} };
    traceOpenAIAgents(later);
    traceOpenAIAgents(later);
    expect(told.warnings.filter((line) => line.includes("model classes"))).toHaveLength(1);
  });

  it("takes the core of the SDK, which has no models, as it is", () => {
    traceOpenAIAgents({ addTraceProcessor() {}, setTraceProcessors() {} });
    expect(told.warnings).toEqual([]);
  });

  it("refuses a module that is not the SDK", () => {
    expect(() => traceOpenAIAgents({} as never)).toThrow(/sdk must be the module/);
  });
});
