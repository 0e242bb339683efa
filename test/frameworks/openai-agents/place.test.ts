import { Agent, getGlobalTraceProvider, withCustomSpan, withTrace } from "@openai/agents";
import { describe, expect, it } from "vitest";
import { agent, chat, conversation, tool } from "../../../src/index.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import { formatTrace } from "../../../src/telemetry/format-trace.ts";
import { watch } from "../../agent/support.ts";
import { calls, provide, queryTool, runnerFor, says, trace } from "./support.ts";

const model = "gpt-4o-mini";

trace();

describe("calls of the OpenAI Agents SDK", () => {
  const told = watch({ spanProcessors: [agentSpanProcessor()] });
  const scripted = provide();
  const run = (first: Agent, input: string, options: { readonly maxTurns?: number } = {}) =>
    runnerFor(scripted.provider).run(first, input, options);
  const attributesOf = (name: string) => told.spans.get(name).attributes;
  const parentOf = (name: string) => told.spans.parentOf(told.spans.get(name))?.name;
  /** Ends of spans may come a turn after the answer. */
  const over = () => expect.poll(() => told.spans.open).toEqual([]);

  it("are inside of the agent of the program around them, which is their caller", async () => {
    scripted.provider.queue(says("Yes."));
    await agent("outer", () => run(new Agent({ name: "inner", model }), "Otters?"))();
    expect(attributesOf("invoke_agent inner")["gen_ai.caller.name"]).toBe("outer");
  });

  it("are no workflow of their own there, where the program gave none a name", async () => {
    scripted.provider.queue(says("Yes."));
    await agent("outer", () => run(new Agent({ name: "inner", model }), "Otters?"))();
    expect(told.spans.all(/^invoke_workflow/)).toEqual([]);
  });

  it("add up in the totals of the agent around them", async () => {
    scripted.provider.queue(says("Yes."));
    await agent("outer", () => run(new Agent({ name: "inner", model }), "Otters?"))();
    expect(attributesOf("invoke_agent outer")["agents.subtree.tokens"]).toBe(55);
  });

  it("have agents of the program inside of their tools, called by the agent with the tool", async () => {
    scripted.provider.queue(calls("look_up"), says("Yes."));
    const expert = agent("expert", () => "They do.");
    const tools = [queryTool("look_up", () => expert())];
    await run(new Agent({ name: "researcher", model, tools }), "Otters?");
    expect(parentOf("invoke_agent expert")).toBe("execute_tool look_up");
    expect(attributesOf("invoke_agent expert")["gen_ai.caller.name"]).toBe("researcher");
  });

  it("have model calls of the program inside of their tools, made by the agent with the tool", async () => {
    scripted.provider.queue(calls("look_up"), says("Yes."));
    const ask = () => chat({ provider: "openai", model: "gpt-4o" }, async () => "They do.");
    const tools = [queryTool("look_up", ask)];
    await run(new Agent({ name: "researcher", model, tools }), "Otters?");
    expect(parentOf("chat gpt-4o")).toBe("execute_tool look_up");
    expect(attributesOf("chat gpt-4o")["gen_ai.agent.name"]).toBe("researcher");
  });

  it("have the agent that has another one as a tool as its caller", async () => {
    scripted.provider.queue(calls("ask_expert", { input: "Otters?" }), says("They do."), says("Yes."));
    const expert = new Agent({ name: "expert", model });
    const tools = [
      expert.asTool({
        toolName: "ask_expert",
        toolDescription: "Asks.",
        runConfig: runnerFor(scripted.provider).config,
      }),
    ];
    await run(new Agent({ name: "researcher", model, tools }), "Otters?");
    expect(attributesOf("invoke_agent expert")["gen_ai.caller.name"]).toBe("researcher");
    expect(parentOf("invoke_agent expert")).toBe("execute_tool ask_expert");
    expect(attributesOf("invoke_agent researcher")["agents.subtree.calls"]).toBe(3);
  });

  it("do not mix when many run at once", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `agent-${index}`);
    const ask = () => chat({ provider: "openai", model: "gpt-4o" }, async () => "They do.");
    await Promise.all(
      names.map(async (name) => {
        scripted.provider.queue(says("Yes."));
        const check = {
          name: `check ${name}`,
          execute: async () => ({ tripwireTriggered: false, outputInfo: await ask() }),
        };
        await run(new Agent({ name, model, inputGuardrails: [check] }), "Otters?");
      }),
    );
    await over();
    for (const name of names) {
      const guardrail = told.spans.get(`guardrail check ${name}`);
      expect(told.spans.parentOf(guardrail)?.name).toBe(`invoke_agent ${name}`);
      expect(
        told.spans.childrenOf(guardrail).map(({ attributes }) => attributes["gen_ai.agent.name"]),
      ).toEqual([name]);
      expect(told.spans.all(`chat ${model}`, { attributes: { "gen_ai.agent.name": name } })).toHaveLength(1);
    }
  });

  it("are one workflow where the program has put them together, and one conversation by its group", async () => {
    scripted.provider.queue(says("Yes."), says("No."));
    await withTrace(
      "support",
      async () => {
        await run(new Agent({ name: "first", model }), "Otters?");
        await run(new Agent({ name: "second", model }), "Otters?");
      },
      { groupId: "thread-7" },
    );
    const workflow = told.spans.get("invoke_workflow support");
    expect(told.spans.childrenOf(workflow).map(({ name }) => name)).toEqual([
      "invoke_agent first",
      "invoke_agent second",
    ]);
    const conversations = told.spans.spans.map(({ attributes }) => attributes["gen_ai.conversation.id"]);
    expect(new Set(conversations)).toEqual(new Set(["thread-7"]));
  });

  it("keep the conversation of the program where they have no group", async () => {
    scripted.provider.queue(says("Yes."));
    await conversation("thread-8", () => run(new Agent({ name: "first", model }), "Otters?"));
    expect(attributesOf("invoke_agent first")["gen_ai.conversation.id"]).toBe("thread-8");
  });

  it("have what the program calls between two runs of a trace inside of its workflow", async () => {
    const look = tool("look", () => "nothing");
    await withTrace("support", async () => look());
    expect(parentOf("execute_tool look")).toBe("invoke_workflow support");
  });

  it("have steps of the program, with what is called inside of them", async () => {
    const look = tool("look", () => "nothing");
    await withTrace("support", () =>
      withCustomSpan(async () => look(), { data: { name: "prepare", data: { secret: "s3" } } }),
    );
    expect(parentOf("execute_tool look")).toBe("prepare");
    expect(JSON.stringify(attributesOf("prepare"))).not.toContain("s3");
  });

  it("leave nothing behind that is taken for the place of later calls", async () => {
    scripted.provider.queue(says("Yes."));
    await run(new Agent({ name: "first", model }), "Otters?");
    agent("later", () => undefined)();
    expect(attributesOf("invoke_agent later")["gen_ai.caller.name"]).toBeUndefined();
    expect(getGlobalTraceProvider().getCurrentSpan()).toBeNull();
  });

  it("are over three agents as the agents hand over, each called by the one before", async () => {
    scripted.provider.queue(calls("transfer_to_second", {}), calls("transfer_to_third", {}), says("Yes."));
    const third = new Agent({ name: "third", model });
    const second = Agent.create({ name: "second", model, handoffs: [third] });
    await run(Agent.create({ name: "first", model, handoffs: [second] }), "Otters?");
    expect(attributesOf("invoke_agent second")["gen_ai.caller.name"]).toBe("first");
    expect(attributesOf("invoke_agent third")["gen_ai.caller.name"]).toBe("second");
    expect(parentOf("execute_tool transfer_to_third third")).toBe("invoke_agent second");
    expect(attributesOf("execute_tool transfer_to_third third")["gen_ai.transfer.mode"]).toBe("pass_control");
  });

  it("go on under the same agent over several turns", async () => {
    scripted.provider.queue(calls("look"), calls("look", { query: "seals" }), says("Yes."));
    await run(new Agent({ name: "researcher", model, tools: [queryTool("look", () => "x")] }), "Otters?");
    expect(told.spans.childrenOf(told.spans.get("invoke_agent researcher")).map(({ name }) => name)).toEqual([
      `chat ${model}`,
      "execute_tool look",
      `chat ${model}`,
      "execute_tool look",
      `chat ${model}`,
    ]);
    expect(formatTrace(told.spans.spans)).toContain("researcher");
  });
});
