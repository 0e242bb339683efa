import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contentCapture } from "../../../src/agent/content/capture-mode.ts";
import { agent, limits } from "../../../src/index.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import { formatTrace } from "../../../src/telemetry/format-trace.ts";
import { type ScriptedProvider, scriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { SpanRecorder } from "../../../src/testing/span-recorder.ts";
import { BILLING, FIRST, RESEARCHER, SECOND } from "../../frameworks/support/scene.ts";
import { ClaudeDesk, type Message, read, sdk } from "./claude-desk.ts";

describe("agents of the Claude Agent SDK", () => {
  let recorder: SpanRecorder;
  let provider: ScriptedProvider;
  let desk: ClaudeDesk;
  const runs = (command: string) => ({
    name: "Bash",
    arguments: { command, description: "canary-argument" },
  });
  const answers = { text: "canary-answer", usage: SECOND };
  const delegates = (run_in_background: boolean) => ({
    toolCalls: [
      {
        name: "Agent",
        arguments: { subagent_type: BILLING, description: "look", prompt: "charged?", run_in_background },
      },
    ],
    usage: FIRST,
  });

  beforeEach(async () => {
    recorder = new SpanRecorder({ spanProcessors: [agentSpanProcessor()] });
    provider = await scriptedProvider();
    desk = new ClaudeDesk(provider);
  });
  afterEach(async () => {
    contentCapture.use("NO_CONTENT");
    recorder.stop();
    await desk.close();
    await provider.close();
  });

  const written = () =>
    JSON.stringify(recorder.spans, (_, value) => (typeof value === "bigint" ? String(value) : value));
  const run = () => recorder.get(`invoke_agent ${RESEARCHER}`);
  const billed = (messages: readonly Message[]) =>
    messages.findLast(({ type }) => type === "result")?.total_cost_usd;

  it("have their tools, and one model call for each of the provider's messages", async () => {
    provider.queue(
      { thinking: "Hm.", text: "Both.", toolCalls: [runs("echo a"), runs("exit 3")], usage: FIRST },
      answers,
    );
    const messages = await read(desk.query());
    expect(recorder.open).toEqual([]);
    expect(recorder.all(/^chat /), formatTrace(recorder.spans)).toHaveLength(2);
    expect(recorder.all("execute_tool Bash").map(({ status }) => status.code)).toEqual(
      expect.arrayContaining([0, 2]),
    );
    expect(run().attributes).toMatchObject({ "agents.own.calls": 2, "agents.own.tokens": 375 });
    expect(run().attributes["agents.subtree.cost"]).toBeCloseTo(billed(messages) ?? Number.NaN, 9);
  });

  it("have the tokens and tools of their subagents below the tool that runs them", async () => {
    provider.queue(delegates(false), { toolCalls: [runs("echo a")], usage: FIRST }, answers, answers);
    const messages = await read(desk.query());
    expect(recorder.open).toEqual([]);
    const billing = recorder.get(`invoke_agent ${BILLING}`);
    expect(recorder.parentOf(billing)?.name, formatTrace(recorder.spans)).toBe("execute_tool Agent");
    expect(billing.attributes).toMatchObject({ "gen_ai.caller.name": RESEARCHER, "agents.own.calls": 2 });
    expect(recorder.parentOf(recorder.get("execute_tool Bash"))).toBe(billing);
    expect(recorder.all(/^chat /)).toHaveLength(provider.requests.length);
    expect(run().attributes["agents.subtree.cost"]).toBeCloseTo(billed(messages) ?? Number.NaN, 9);
  });

  it("have subagents that go on in the background, and a turn that hears of their end", async () => {
    provider.queue(delegates(true), answers, answers, answers);
    await read(desk.query());
    expect(recorder.open).toEqual([]);
    expect(recorder.parentOf(recorder.get(`invoke_agent ${BILLING}`))?.name).toBe("execute_tool Agent");
    expect(
      recorder.get(`invoke_agent ${BILLING}`).attributes["agents.own.tokens"],
      formatTrace(recorder.spans),
    ).toBe(225);
    expect(recorder.all(/^chat /), formatTrace(recorder.spans)).toHaveLength(provider.requests.length);
  });

  it("have the last model call of their subagents where no session is kept", async () => {
    provider.queue(delegates(false), { toolCalls: [runs("echo a")], usage: FIRST }, answers, answers);
    await read(desk.query({ persistSession: false }));
    const billing = recorder.get(`invoke_agent ${BILLING}`);
    expect(billing.attributes).toMatchObject({ "agents.own.calls": 2, "agents.own.tokens": 225 });
  });

  it("fail with the provider, as one model call however often the CLI asks", async () => {
    provider.queue(...Array.from({ length: 12 }, () => ({ fail: { status: 400, message: "unfit" } })));
    await expect(read(desk.query())).rejects.toThrow();
    expect(provider.requests.length).toBeGreaterThan(1);
    expect(recorder.open).toEqual([]);
    expect(run().attributes["error.type"]).toBe("invalid_request_error");
    expect(recorder.all(/^chat /).map(({ attributes }) => attributes["error.type"])).toEqual([
      "invalid_request_error",
    ]);
  });

  it("end once when the program stops reading", async () => {
    provider.queue({ toolCalls: [runs("sleep 20")], usage: FIRST });
    for await (const { type } of desk.query()) if (type === "assistant") break;
    expect(recorder.open).toEqual([]);
    expect(run().status.code).not.toBe(2);
  });

  it("show their messages as they are, and only those that were asked for", async () => {
    const query = desk.query();
    expect(typeof query.interrupt).toBe("function");
    expect(query[Symbol.asyncIterator]()).toBe(query);
    const kinds = new Set((await read(query)).map(({ type, subtype }) => `${type} ${subtype ?? ""}`.trim()));
    expect([...kinds].toSorted()).toEqual(["assistant", "result success", "system init"]);
  });

  it("run the hooks of the program beside ours", async () => {
    provider.queue({ toolCalls: [runs("echo a")], usage: FIRST }, answers);
    const seen: string[] = [];
    const hook = async ({ tool_name }: { readonly tool_name: string }) => {
      seen.push(tool_name);
      return { hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "deny" } };
    };
    await read(desk.query({ hooks: { PreToolUse: [{ matcher: "Bash", hooks: [hook] }] } }));
    expect(seen).toEqual(["Bash"]);
    expect(recorder.get("execute_tool Bash").status.code).toBe(2);
  });

  it("are stopped by a limit, with its refusal", async () => {
    provider.queue({ toolCalls: [runs("echo a")], usage: FIRST }, answers, answers);
    const stopped = limits({ modelCalls: 1 }, () => read(desk.query()));
    await expect(stopped).rejects.toMatchObject({ code: "limit_exceeded" });
    expect(recorder.open).toEqual([]);
    expect(run().attributes["error.type"]).toBe("limit_exceeded");
  });

  it("are one call for each turn of a conversation", async () => {
    provider.queue(answers, answers);
    let next = () => {};
    async function* prompts() {
      for (const content of ["one", "two"]) {
        yield { type: "user", message: { role: "user", content }, parent_tool_use_id: null };
        await new Promise<void>((resolve) => {
          next = resolve;
        });
      }
    }
    for await (const { type } of desk.query({}, prompts())) if (type === "result") next();
    expect(recorder.open).toEqual([]);
    expect(
      recorder.all(`invoke_agent ${RESEARCHER}`).map(({ attributes }) => attributes["agents.own.calls"]),
    ).toEqual([1, 1]);
  });

  it("are around what their tools in this process call", async () => {
    const look = sdk.tool("look", "Looks.", {}, async () => {
      await agent("inner", async () => {})();
      return { content: [{ type: "text", text: "seen" }] };
    });
    const server = sdk.createSdkMcpServer({ name: "desk", version: "1.0.0", tools: [look] });
    provider.queue({ toolCalls: [{ name: "mcp__desk__look", arguments: {}, offered: false }] }, answers);
    await agent("outer", () => read(desk.query({ mcpServers: { desk: server } })))();
    expect(recorder.get("execute_tool mcp__desk__look").status.code).not.toBe(2);
    expect(recorder.get("invoke_agent inner").attributes["gen_ai.caller.name"]).toBe(RESEARCHER);
    expect(run().attributes["gen_ai.caller.name"]).toBe("outer");
  });

  it("do not mix when they run at once", async () => {
    await Promise.all([read(desk.query()), read(desk.query())]);
    const byTrace = Object.values(Object.groupBy(recorder.spans, ({ traceId }) => traceId));
    expect(byTrace.map((spans) => spans?.length)).toEqual([2, 2]);
  });

  it("show no text of prompts, tools or answers by default", async () => {
    provider.queue({ toolCalls: [runs("echo canary-result")], usage: FIRST }, answers);
    await read(desk.query({}, "canary-prompt"));
    expect(written()).not.toContain("canary");
  });

  it("show it where content is recorded", async () => {
    contentCapture.use("SPAN_ONLY");
    provider.queue({ toolCalls: [runs("echo canary-result")], usage: FIRST }, answers);
    await read(desk.query({}, "canary-prompt", { capture: true }));
    for (const canary of ["canary-prompt", "canary-argument", "canary-result", "canary-answer"])
      expect(written()).toContain(canary);
  });
});
