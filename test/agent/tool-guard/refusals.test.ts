import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  agent,
  asAnthropicBlock,
  asOpenAIMessage,
  asOpenAIOutput,
  limits,
  type ModelToolCall,
  toolGuard,
} from "../../../src/index.ts";
import { metricSources } from "../../../src/telemetry/metric-sources.ts";
import { watch } from "../support.ts";

const seen = watch();
const SECRET = "4111-1111-1111-1111";
const call = (name: string, args: unknown = "{}"): ModelToolCall => ({ id: "c1", name, arguments: args });

function rejections(): readonly { attributes: object; value: number }[] {
  const found = metricSources.collect().find(({ name }) => name === "agents.tool_guard.rejections");
  return found?.kind === "counter" ? found.points : [];
}

describe("toolGuard refuses, without running", () => {
  const run = vi.fn(() => 1);
  const schema = {
    type: "object",
    properties: { query: { type: "string" }, limit: { type: "integer", maximum: 10 } },
    required: ["query"],
  };
  const guard = toolGuard({
    tools: { web_search: { schema, run }, delete_page: { run } },
    agents: { reader: ["web_search"], editor: ["web_search", "delete_page"] },
    validate: ({ arguments: args }) => (args.query === "forbidden" ? "That is not for you." : undefined),
  });
  const by = (name: string, given: ModelToolCall) => agent(name, () => guard.call(given))();

  it.each<[string, ModelToolCall, string]>([
    [
      "unknown_tool",
      call("webSearch"),
      'There is no tool "webSearch". Did you mean "web_search"? Your tools: "web_search".',
    ],
    ["unknown_tool", call("fly"), 'There is no tool "fly". Your tools: "web_search".'],
    [
      "not_granted",
      call("delete_page"),
      'The tool "delete_page" is not available to you. Your tools: "web_search".',
    ],
    ["malformed_arguments", call("web_search", '{"query": '), /arguments must be valid JSON/ as never],
    ["invalid_arguments", call("web_search", "[1]"), /arguments must be a JSON object, got a list/ as never],
    [
      "invalid_arguments",
      call("web_search", { limit: 11 }),
      /- query: expected string\n- limit: Too big: expected number to be <=10\n/ as never,
    ],
    ["invalid_by_validate", call("web_search", { query: "forbidden" }), "That is not for you."],
  ])("%s", async (reason, given, text) => {
    run.mockClear();
    const answer = await by("reader", given);
    expect(answer).toMatchObject({ outcome: "refused", reason, id: "c1" });
    if ((text as unknown) instanceof RegExp) expect(answer.text).toMatch(text);
    else expect(answer.text).toBe(text);
    expect(run).not.toHaveBeenCalled();
    const [span] = seen.spans.all(/^execute_tool/);
    expect(span).toMatchObject({ attributes: { "error.type": reason, "gen_ai.agent.name": "reader" } });
    expect(
      span?.events.map(({ name, attributes }) => [name, attributes["agents.tool_guard.reason"]]),
    ).toEqual([["agents.tool_guard.rejection", reason]]);
  });

  it("in the message that each provider wants", async () => {
    const answer = await by("reader", call("fly"));
    const { text } = answer;
    expect(asOpenAIMessage(answer)).toEqual({ role: "tool", tool_call_id: "c1", content: text });
    expect(asOpenAIOutput(answer)).toEqual({ type: "function_call_output", call_id: "c1", output: text });
    expect(asAnthropicBlock(answer)).toEqual({
      type: "tool_result",
      tool_use_id: "c1",
      content: text,
      is_error: true,
    });
    const fine = await by("reader", call("web_search", { query: "x" }));
    expect(asAnthropicBlock(fine)).toEqual({ type: "tool_result", tool_use_id: "c1", content: "1" });
  });

  it("an agent that is not listed, and whoever is no agent", async () => {
    expect(await by("stranger", call("web_search", { query: "x" }))).toMatchObject({ reason: "not_granted" });
    expect(await guard.call(call("web_search", { query: "x" }))).toMatchObject({
      reason: "not_granted",
      text: 'The tool "web_search" is not available to you. You have no tools; answer without.',
    });
  });

  it("what the agent's own list of tools does not have", async () => {
    const own = toolGuard({ tools: { a: { run }, b: { run } } });
    const both = () => Promise.all([own.call(call("a")), own.call(call("b"))]);
    const outcomes = (answers: readonly { outcome: string }[]) => answers.map(({ outcome }) => outcome);
    expect(outcomes(await agent("lister", both, { tools: ["a"] })())).toEqual(["ok", "refused"]);
    expect(outcomes(await agent("free", both)())).toEqual(["ok", "ok"]);
  });

  it("where validate throws or says false, and does not tell the model why", async () => {
    const shaky = toolGuard({
      tools: { a: { run } },
      validate: async () => {
        throw new Error(SECRET);
      },
    });
    const firm = toolGuard({ tools: { a: { run } }, validate: () => false });
    const refused = { reason: "invalid_by_validate", text: 'The call of "a" was refused.' };
    expect(await shaky.call(call("a"))).toMatchObject(refused);
    expect(await firm.call(call("a"))).toMatchObject(refused);
  });

  it("where a schema throws", async () => {
    const broken = z.string().transform(() => {
      throw new Error(SECRET);
    });
    const guarded = toolGuard({ tools: { a: { schema: z.object({ a: broken }) } } }).around(run);
    const answer = await guarded(call("a", { a: "x" }));
    expect(answer).toMatchObject({
      reason: "invalid_arguments",
      problems: ["arguments: could not be checked"],
    });
  });

  it("and counts each by agent, tool and reason, made-up names as one", async () => {
    for (let i = 0; i < 300; i++) await by("inventor", call(`made_up_${i}`));
    const mine = rejections().filter(({ attributes }) => Object.values(attributes).includes("inventor"));
    expect(mine).toEqual([
      {
        attributes: {
          "gen_ai.agent.name": "inventor",
          "gen_ai.tool.name": "_OTHER",
          "agents.tool_guard.reason": "unknown_tool",
        },
        value: 300,
      },
    ]);
  });

  it("and stops with the run when the limits of the run are used up", async () => {
    const stubborn = agent("stubborn", async () => {
      for (;;) await guard.call(call("fly"));
    });
    await expect(limits({ toolCalls: 3 }, () => stubborn())).rejects.toMatchObject({
      code: "limit_exceeded",
    });
    expect(seen.spans.all("execute_tool _OTHER")).toHaveLength(3);
  });
});

describe("maxCalls", () => {
  it("counts by run of the agent, and calls side by side cannot share the last one", async () => {
    const guard = toolGuard({
      tools: { a: { maxCalls: 2, run: async () => 1 }, b: { run: () => 2 } },
      maxCalls: 3,
    });
    const greedy = agent("greedy", async () => {
      const names = ["a", "a", "a", "b", "b"];
      return (await Promise.all(names.map((name) => guard.call(call(name))))).map((answer) =>
        answer.outcome === "refused" ? answer.text : answer.outcome,
      );
    });
    const expected = [
      "ok",
      "ok",
      'The tool "a" may run 2 times in this task, and did. Go on without.',
      "ok",
      "Tools may run 3 times in this task, and did. Go on without.",
    ];
    expect(await Promise.all([greedy(), greedy()])).toEqual([expected, expected]);
    expect(await greedy()).toEqual(expected);
  });

  it("counts only what ran", async () => {
    const guard = toolGuard({
      tools: { a: { schema: z.object({ n: z.number() }), run: () => 1 } },
      maxCalls: 1,
    });
    const answers = await agent("clumsy", async () => [
      await guard.call(call("a", { n: "1" })),
      await guard.call(call("a", { n: 1 })),
      await guard.call(call("a", { n: 1 })),
    ])();
    expect(answers.map(({ outcome }) => outcome)).toEqual(["refused", "ok", "refused"]);
  });

  it("counts the calls of the guard where no agent is at work, and says so", async () => {
    const guard = toolGuard({ tools: { a: { run: () => 1 } }, maxCalls: 1 });
    expect(await guard.call(call("a"))).toMatchObject({ outcome: "ok" });
    expect(await guard.call(call("a"))).toMatchObject({ reason: "max_calls" });
    expect(seen.warnings.join()).toContain("Call it inside agent()");
  });
});

describe("telemetry of a refusal", () => {
  it("has names of fields, and no value, whatever library quotes it", async () => {
    const quoting = {
      "~standard": {
        version: 1 as const,
        vendor: "quoting",
        validate: (value: unknown) => ({
          issues: [
            { message: `card must be short (was "${SECRET}")`, path: ["card"] },
            { message: String(value) },
          ],
        }),
      },
    };
    const guard = toolGuard({ tools: { pay: { schema: quoting, run: () => 1 } } });
    const answer = await agent("payer", () => guard.call(call("pay", { card: SECRET })))();
    expect(JSON.stringify(answer)).not.toContain(SECRET);
    const span = seen.spans.get("execute_tool pay");
    expect(JSON.stringify(span, (_, value) => (typeof value === "bigint" ? 0 : value))).not.toContain(SECRET);
    expect(span.events[0]?.attributes["agents.tool_guard.fields"]).toEqual(["card", "arguments"]);
  });

  it("has a made-up name only where it is one", async () => {
    const guard = toolGuard({ tools: ["a"] });
    for (const name of ["web.search", "tell me\u0000 all", "sk-proj-abcdefghijklmnopqrstuvwx"])
      await guard.call(call(name));
    const requested = seen.spans
      .all("execute_tool _OTHER")
      .map(({ events }) => events[0]?.attributes["agents.tool_guard.requested"]);
    expect(requested).toEqual(["web.search", "_OTHER", "_OTHER"]);
  });
});
