import { Agent, tool, withTrace } from "@openai/agents";
import { describe, expect, it } from "vitest";
import { agent } from "../../../src/index.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import { limits } from "../../../src/spend/limits.ts";
import { watch } from "../../agent/support.ts";
import { calls, provide, queryTool, runnerFor, says, trace } from "./support.ts";

const model = "gpt-4o-mini";
const CANARY = "canary-4711";

trace();

describe("failures of the OpenAI Agents SDK", () => {
  const told = watch({ spanProcessors: [agentSpanProcessor()] });
  const scripted = provide();
  const run = (first: Agent, input: string, options: { readonly maxTurns?: number } = {}) =>
    runnerFor(scripted.provider).run(first, input, options);
  const over = () => expect.poll(() => told.spans.open).toEqual([]);
  const attributesOf = (name: string) => told.spans.get(name).attributes;
  const failed = () => told.spans.all({ failed: true }).map(({ name }) => name);

  it("come to the program as they are", async () => {
    scripted.provider.queue({ fail: { status: 400, message: "unfit" } });
    await expect(run(new Agent({ name: "researcher", model }), "Otters?")).rejects.toMatchObject({
      status: 400,
    });
  });

  it("of a model are those of its agent and workflow, with the client's class", async () => {
    scripted.provider.queue({ fail: { status: 400, message: "unfit" } });
    await run(new Agent({ name: "researcher", model }), "Otters?").catch(() => {});
    await over();
    for (const name of [`chat ${model}`, "invoke_agent researcher", "invoke_workflow Agent workflow"])
      expect(attributesOf(name)["error.type"]).toBe("BadRequestError");
  });

  it("of a tool are its own alone: the model is told and goes on", async () => {
    scripted.provider.queue(calls("look"), says("Yes."));
    const look = queryTool("look", () => {
      throw new Error("no such page");
    });
    await run(new Agent({ name: "researcher", model, tools: [look] }), "Otters?");
    await over();
    expect(failed()).toEqual(["execute_tool look"]);
  });

  it("of a tool without an error function end the run", async () => {
    scripted.provider.queue(calls("look"));
    const look = tool({
      name: "look",
      description: "Looks.",
      strict: false,
      parameters: { type: "object", properties: {}, required: [], additionalProperties: true },
      errorFunction: null,
      execute: async () => {
        throw new RangeError("no such page");
      },
    });
    await run(new Agent({ name: "researcher", model, tools: [look] }), "Otters?").catch(() => {});
    await over();
    expect(attributesOf("execute_tool look")["error.type"]).toBe("RangeError");
    expect(attributesOf("invoke_agent researcher")["error.type"]).toBe("ToolCallError");
  });

  it("of too many turns are the agent's", async () => {
    scripted.provider.queue(calls("look"), calls("look"));
    const tools = [queryTool("look", () => "x")];
    await run(new Agent({ name: "researcher", model, tools }), "Otters?", { maxTurns: 1 }).catch(() => {});
    await over();
    expect(attributesOf("invoke_agent researcher")["error.type"]).toBe("MaxTurnsExceededError");
  });

  it("of a guardrail that is triggered are the agent's, and its own span says what it found", async () => {
    scripted.provider.queue(says("Yes."));
    const check = {
      name: "no secrets",
      execute: async () => ({ tripwireTriggered: true, outputInfo: { found: CANARY } }),
    };
    await run(new Agent({ name: "researcher", model, inputGuardrails: [check] }), "Otters?").catch(() => {});
    await over();
    const guardrail = told.spans.get("guardrail no secrets");
    expect(guardrail.attributes).toMatchObject({
      "agents.guardrail.name": "no secrets",
      "agents.guardrail.triggered": true,
    });
    expect(told.spans.parentOf(guardrail)?.name).toBe("invoke_agent researcher");
    expect(attributesOf("invoke_agent researcher")["error.type"]).toBe("InputGuardrailTripwireTriggered");
    expect(
      JSON.stringify(told.spans.spans.map(({ status, attributes }) => [status, attributes])),
    ).not.toContain(CANARY);
  });

  it("of a guardrail at the end are the agent's too", async () => {
    scripted.provider.queue(says("Yes."));
    const check = { name: "tone", execute: async () => ({ tripwireTriggered: true, outputInfo: {} }) };
    await run(new Agent({ name: "researcher", model, outputGuardrails: [check] }), "Otters?").catch(() => {});
    await over();
    expect(attributesOf("invoke_agent researcher")["error.type"]).toBe("OutputGuardrailTripwireTriggered");
  });

  it("of the program's own function end its workflow, though the SDK does not tell of that", async () => {
    const broken = withTrace("support", async () => {
      throw new Error("broke");
    });
    await broken.catch(() => {});
    scripted.provider.queue(says("Yes."));
    await run(new Agent({ name: "researcher", model }), "Otters?");
    await over();
    expect(told.spans.get("invoke_workflow support", { failed: true })).toBeDefined();
  });

  it("that the program has caught leave the rest of its workflow inside", async () => {
    scripted.provider.queue({ fail: { status: 400, message: "unfit" } }, says("Yes."));
    await withTrace("support", async () => {
      await run(new Agent({ name: "first", model }), "Otters?").catch(() => {});
      await new Promise((resolve) => setImmediate(resolve));
      await run(new Agent({ name: "second", model }), "Otters?");
    });
    await over();
    const workflow = told.spans.get("invoke_workflow support", { failed: false });
    expect(told.spans.childrenOf(workflow)).toHaveLength(2);
    expect(workflow.attributes["agents.subtree.tokens"]).toBe(55);
  });

  it("of a limit are thrown from the run, and the model is not asked", async () => {
    scripted.provider.queue(calls("look"), says("Yes."));
    const tools = [queryTool("look", () => "x")];
    const limited = limits({ iterations: 1 }, () =>
      run(new Agent({ name: "researcher", model, tools }), "Otters?"),
    );
    await expect(limited).rejects.toMatchObject({ code: "limit_exceeded", limit: "iterations" });
    expect(scripted.provider.requests).toHaveLength(1);
  });

  it("of a limit on tools are thrown at the next call of a model, since a tool cannot be stopped", async () => {
    scripted.provider.queue(calls("look"), calls("look"), says("Yes."));
    const tools = [queryTool("look", () => "x")];
    const limited = limits({ toolCalls: 1 }, () =>
      run(new Agent({ name: "researcher", model, tools }), "Otters?"),
    );
    await expect(limited).rejects.toMatchObject({ code: "limit_exceeded", limit: "toolCalls" });
    expect(scripted.provider.requests).toHaveLength(2);
  });

  it("that a client has overcome cost once", async () => {
    scripted.provider.queue({ fail: { status: 429, retryAfterMs: 1 } }, says("Yes."));
    await agent("outer", () =>
      runnerFor(scripted.provider, { maxRetries: 1 }).run(
        new Agent({ name: "researcher", model }),
        "Otters?",
      ),
    )();
    await over();
    expect(scripted.provider.requests).toHaveLength(2);
    expect(attributesOf("invoke_agent outer")).toMatchObject({
      "agents.subtree.calls": 1,
      "agents.subtree.tokens": 55,
    });
  });

  it("never end a span twice", async () => {
    scripted.provider.queue(calls("look"), { fail: { status: 400, message: "unfit" } });
    const tools = [queryTool("look", () => "x")];
    await run(new Agent({ name: "researcher", model, tools }), "Otters?").catch(() => {});
    await over();
    expect(told.warnings).toEqual([]);
  });
});
