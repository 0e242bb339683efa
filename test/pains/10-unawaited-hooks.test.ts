import {
  Agent,
  tool as agentsTool,
  OpenAIChatCompletionsModel,
  Runner,
  setTracingDisabled,
} from "@openai/agents";
import { trace } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { z } from "zod";
import { agent, currentAgent, tool } from "../../src/index.ts";
import { type ScriptedProvider, scriptedProvider } from "../../src/testing/index.ts";
import { gate, watch } from "../agent/support.ts";
import { clientsOf } from "../instrumentation/support.ts";

// A framework fires its hooks and waits for none of them. Who opens the span of a sub-agent in such a hook is too late: the
// sub-agent has begun, and its calls hang below somebody else.

setTracingDisabled(true);
const told = watch();

/** A lead that asks one sub-agent twice in one turn, as tools of the real SDK; the sub-agent has a tool of its own. */
async function leadWithSubAgents(provider: ScriptedProvider, onToolStart: () => unknown): Promise<void> {
  const call = (id: string, name: string, input: string) => ({ id, name, arguments: { input } });
  provider.queue(
    { toolCalls: [call("a", "research", "otters"), call("b", "research", "beavers")] },
    { toolCalls: [call("c", "look_up", "otters")] },
    { toolCalls: [call("d", "look_up", "beavers")] },
  );
  const model = new OpenAIChatCompletionsModel(clientsOf(provider).openai, "gpt-4o-mini");
  const lookUp = tool("look_up", async ({ input }: { input: string }) => `all about ${input}`);
  const parameters = z.object({ input: z.string() });
  const sub = new Agent({
    name: "researcher",
    model,
    tools: [agentsTool({ name: "look_up", description: "looks up", parameters, execute: lookUp })],
  });
  const runner = new Runner({ tracingDisabled: true });
  const research = agent("researcher", async ({ input }: { input: string }) => {
    const { finalOutput } = await runner.run(sub, input);
    return String(finalOutput);
  });
  const lead = new Agent({
    name: "lead",
    model,
    tools: [agentsTool({ name: "research", description: "asks", parameters, execute: research })],
  });
  lead.on("agent_tool_start", onToolStart);
  await agent("lead", () => runner.run(lead, "otters and beavers?"))();
}

it("sub-agents and their calls hang below the lead, whatever hooks are still at work", async () => {
  await using provider = await scriptedProvider();
  const hook = gate();
  await leadWithSubAgents(provider, () => hook.opened);
  const lead = told.spans.get("invoke_agent lead", { parent: null });
  const subs = told.spans.all("invoke_agent researcher", { parent: lead });
  expect(subs).toHaveLength(2);
  for (const parent of subs) {
    told.spans.get("execute_tool look_up", { parent });
    expect(told.spans.all("chat gpt-4o-mini", { parent })).toHaveLength(2);
  }
  hook.open();
});

it("two sub-agents at once keep their calls apart, and what each spent", async () => {
  await using provider = await scriptedProvider({ respond: () => ({ usage: { input: 10, output: 1 } }) });
  await leadWithSubAgents(provider, () => {});
  const own = told.spans
    .all("invoke_agent researcher")
    .map(({ attributes }) => attributes["agents.own.calls"]);
  expect(own).toEqual([2, 2]);
  expect(told.records.filter(({ operation }) => operation === "chat")).toHaveLength(provider.requests.length);
});

it("what an unawaited hook does late is the lead's, and keeps no span open", async () => {
  await using provider = await scriptedProvider();
  const hook = gate();
  const late: Promise<string | undefined>[] = [];
  await leadWithSubAgents(provider, () => {
    const work = async () => {
      await hook.opened;
      return currentAgent()?.name;
    };
    late.push(work());
  });
  expect(told.spans.open).toEqual([]);
  hook.open();
  expect(await Promise.all(late)).toEqual(["lead", "lead"]);
});

it("would be seen to be too late: a span that such a hook opens has the sub-agent beside it, not below", async () => {
  await using provider = await scriptedProvider();
  await leadWithSubAgents(provider, () =>
    trace.getTracer("naive").startActiveSpan("sub-agent", (span) => span.end()),
  );
  const [opened] = told.spans.all("sub-agent");
  expect(told.spans.all("invoke_agent researcher", { parent: opened! })).toEqual([]);
});
