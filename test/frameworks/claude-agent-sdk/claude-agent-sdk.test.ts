import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { traceClaudeAgent } from "../../../src/frameworks/claude-agent-sdk/index.ts";
import { limits } from "../../../src/index.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import { SpanRecorder } from "../../../src/testing/span-recorder.ts";
import { answer, fakeSdk, type Happening, hook, message, result } from "./fake-query.ts";

let recorder: SpanRecorder;
beforeEach(() => {
  recorder = new SpanRecorder({ spanProcessors: [agentSpanProcessor()] });
});
afterEach(() => recorder.stop());

function started(...happenings: readonly Happening[]) {
  const sdk = fakeSdk(...happenings);
  return { sdk, query: traceClaudeAgent(sdk.query)({ prompt: "Otters?" }) };
}

async function run(...happenings: readonly Happening[]) {
  const { sdk, query } = started(...happenings);
  const messages: unknown[] = [];
  for await (const each of query) messages.push(each);
  return { messages, fake: sdk.made() };
}

const claude = () => recorder.get("invoke_agent claude");
const models = () => recorder.all(/^chat /);
const failed = { status: { code: 2 } };

describe("a query that is traced", () => {
  it("has the methods of the query, with their own object", async () => {
    const { sdk, query } = started(...answer("msg_1"), result());
    await query.setModel("claude-opus-4-5");
    expect(sdk.made().model).toBe("claude-opus-4-5");
    await query.return();
  });

  it("ends its agent once, however often it is told to end", async () => {
    const { query } = started(...answer("msg_1"), result());
    for await (const _ of query);
    await query.return();
    query.close();
    await query[Symbol.asyncDispose]();
    expect(recorder.open).toEqual([]);
    expect(recorder.all("invoke_agent claude")).toHaveLength(1);
  });

  it("ends what is open when it is closed", async () => {
    const { query } = started(
      ...answer("msg_1").slice(0, 3),
      hook("PreToolUse", { tool_use_id: "t1", tool_name: "Bash", tool_input: {} }),
      message({ type: "assistant", message: {} }),
    );
    await query.next();
    query.close();
    expect(recorder.open).toEqual([]);
    expect(claude()).not.toMatchObject(failed);
  });

  it("fails its agent with what it throws", async () => {
    const boom = new TypeError("the CLI is gone");
    await expect(run(...answer("msg_1").slice(0, 3), { error: boom })).rejects.toBe(boom);
    expect(recorder.open).toEqual([]);
    expect(claude().attributes["error.type"]).toBe("TypeError");
    expect(models()[0]?.attributes["error.type"]).toBe("TypeError");
  });

  it("fails its agent with the result of a run that went too long", async () => {
    await run(
      ...answer("msg_1"),
      result({ subtype: "error_max_turns", is_error: true, errors: ["20 turns"] }),
    );
    expect(claude().attributes["error.type"]).toBe("error_max_turns");
  });

  it("leaves its agent where the program interrupts it", async () => {
    const { query } = started(
      ...answer("msg_1").slice(0, 3),
      result({ subtype: "error_during_execution", is_error: true }),
    );
    await query.interrupt();
    for await (const _ of query);
    expect(claude()).not.toMatchObject(failed);
  });

  it("counts an answer that came as several messages once", async () => {
    const piece = (text: string) =>
      message({
        type: "assistant",
        parent_tool_use_id: null,
        message: { id: "msg_1", content: [{ type: "text", text }] },
      });
    const [first, second, ...rest] = answer("msg_1");
    await run(first!, second!, piece("a"), piece("b"), ...rest, piece("c"), result());
    expect(models()).toHaveLength(1);
    expect(models()[0]?.attributes).toMatchObject({
      "gen_ai.usage.input_tokens": 100,
      "gen_ai.usage.output_tokens": 10,
    });
  });

  it("counts an answer that did not stream", async () => {
    const usage = { input_tokens: 7, output_tokens: 5, cache_read_input_tokens: 3 };
    const whole = { id: "msg_1", model: "claude-haiku-4-5", stop_reason: "end_turn", usage, content: [] };
    await run(message({ type: "assistant", parent_tool_use_id: null, message: whole }), result());
    expect(models().map(({ attributes }) => attributes["gen_ai.usage.input_tokens"])).toEqual([10]);
  });

  it("has a span for an answer that broke off, and one for that in its place", async () => {
    await run(...answer("msg_1").slice(0, 3), ...answer("msg_2"), result());
    expect(models().map(({ attributes }) => attributes["gen_ai.usage.output_tokens"])).toEqual([
      undefined,
      10,
    ]);
  });

  it("refuses a tool where a limit does, tells the CLI so, and throws", async () => {
    const fresh = fakeSdk(
      hook("PreToolUse", { tool_use_id: "t1", tool_name: "Bash", tool_input: {} }),
      hook("PreToolUse", { tool_use_id: "t2", tool_name: "Bash", tool_input: {} }),
      message({ type: "assistant", message: {} }),
    );
    const limited = limits({ toolCalls: 1 }, async () => {
      for await (const _ of traceClaudeAgent(fresh.query)({ prompt: "Otters?" }));
    });
    await expect(limited).rejects.toMatchObject({ code: "limit_exceeded" });
    expect(fresh.made().answers[1]).toMatchObject({ hookSpecificOutput: { permissionDecision: "deny" } });
    expect(fresh.made().closed).toBe(1);
  });

  it("survives messages and hooks of any shape", async () => {
    const odd = [{}, { type: "assistant" }, { type: "user", message: { content: [null, 3] } }, { type: 7 }];
    const events = [
      { type: "stream_event", event: null },
      { type: "system", subtype: "task_updated" },
    ];
    const hooks = ["PreToolUse", "PostToolUse", "SubagentStart", "SubagentStop"].map((name) =>
      hook(name, {}),
    );
    const { messages } = await run(...[...odd, ...events].map(message), ...hooks, result());
    expect(messages).toHaveLength(6);
    expect(recorder.open).toEqual([]);
  });

  it("is told of once where it was traced twice", async () => {
    const twice = traceClaudeAgent(traceClaudeAgent(fakeSdk(...answer("msg_1"), result()).query));
    for await (const _ of twice({ prompt: "Otters?" }));
    expect(recorder.spans).toHaveLength(2);
  });

  it("refuses unfit options", () => {
    expect(() => traceClaudeAgent(undefined as never)).toThrow(TypeError);
    expect(() => traceClaudeAgent(fakeSdk().query, { name: "" })).toThrow(
      "traceClaudeAgent: name must be a string of at least 1 character, got none",
    );
    expect(() => traceClaudeAgent(fakeSdk().query, { capture: 1 as never })).toThrow(
      "capture must be a boolean",
    );
  });
});

describe("a subagent", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "agent-otel-transcript-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const begins = [
    hook("PreToolUse", { tool_use_id: "t1", tool_name: "Agent", tool_input: { subagent_type: "billing" } }),
    hook("SubagentStart", { agent_id: "a1", agent_type: "billing" }),
  ];
  const says = (id: string) =>
    message({
      type: "assistant",
      parent_tool_use_id: "t1",
      agent_id: "a1",
      message: { id, model: "claude-haiku-4-5" },
    });
  const stops = (path: string) => hook("SubagentStop", { agent_id: "a1", agent_transcript_path: path });
  const over = message({
    type: "system",
    subtype: "task_updated",
    task_id: "a1",
    patch: { status: "completed" },
  });
  const launched = hook("PostToolUse", {
    tool_use_id: "t1",
    tool_response: { status: "async_launched", agentId: "a1" },
  });
  const billing = () => recorder.get("invoke_agent billing");

  it("has its calls without tokens where its transcript cannot be read", async () => {
    await run(...begins, says("msg_2"), says("msg_2"), stops(join(folder, "none.jsonl")), over, result());
    expect(billing().attributes).toMatchObject({ "agents.own.calls": 1 });
    expect(models()[0]?.attributes["gen_ai.usage.input_tokens"]).toBeUndefined();
  });

  it("has the calls and tokens of its transcript, each once", async () => {
    const at = (ms: number) => new Date(1_800_000_000_000 + ms).toISOString();
    const line = (ms: number, output: number, stop_reason: string | null) =>
      JSON.stringify({
        type: "assistant",
        timestamp: at(ms),
        message: {
          id: "msg_2",
          model: "claude-haiku-4-5",
          stop_reason,
          usage: { input_tokens: 9, output_tokens: output },
        },
      });
    const user = JSON.stringify({ type: "user", timestamp: at(0), message: { content: "canary" } });
    const path = join(folder, "agent.jsonl");
    writeFileSync(path, [user, line(20, 1, null), "{broken", line(30, 5, "end_turn"), ""].join("\n"));
    await run(...begins, says("msg_2"), stops(path), over, result());
    expect(billing().attributes).toMatchObject({ "agents.own.calls": 1, "agents.own.tokens": 14 });
    const { startNs, endNs = 0n } = models()[0]!;
    expect(Number(endNs - startNs) / 1e6).toBe(30);
  });

  it("goes on in the background after its tool has ended", async () => {
    await run(...begins, launched, says("msg_2"), over, ...answer("msg_3"), result());
    expect(billing().attributes["agents.own.calls"]).toBe(1);
    expect(recorder.parentOf(billing())?.name).toBe("execute_tool Agent");
    expect(recorder.open).toEqual([]);
  });

  it("goes on in the background after the turn has ended", async () => {
    await run(...begins, launched, result(), says("msg_2"), over, result());
    expect(billing().attributes["agents.own.calls"]).toBe(1);
    expect(recorder.open).toEqual([]);
  });

  it("ends with its agent where nobody tells of its end", async () => {
    await run(...begins, launched, result());
    expect(recorder.open).toEqual([]);
    expect(billing()).not.toMatchObject(failed);
  });
});
