import { beforeAll, describe, expect, it } from "vitest";
import { scriptedAnswer } from "../../examples/supervisor/scripted-answers.ts";
import { scriptedProvider } from "../../src/testing/scripted-provider.ts";
import { otlpSink } from "../pipeline/fixtures/otlp-sink.ts";
import { type DemoRun, runDemo } from "./fixtures/run-demo.ts";

// Nano-dollars for a token, by the list prices of claude-sonnet-4-6 and gpt-4o-mini.
const sonnet = (uncached: number, cacheRead: number, cacheWrite: number, output: number) =>
  uncached * 3_000 + cacheRead * 300 + cacheWrite * 3_750 + output * 15_000;
const mini = (uncached: number, cacheRead: number, output: number) =>
  uncached * 150 + cacheRead * 75 + output * 600;

/** What the scripted answers report, in order of the conversation. */
const COSTS = [
  ["supervisor", 2_578, sonnet(46, 0, 2_264, 268)],
  ["shell_worker", 833, mini(812, 0, 21)],
  ["shell_worker", 870, mini(858, 0, 12)],
  ["supervisor", 2_869, sonnet(43, 2_264, 348, 214)],
  ["memory_worker", 1_075, mini(1_046, 0, 29)],
  ["memory_worker", 1_119, mini(73, 1_024, 22)],
  ["supervisor", 2_997, sonnet(46, 2_612, 278, 61)],
] as const;

const TREE = [
  ["invoke_agent supervisor", undefined],
  ["chat claude-sonnet-4-6", "invoke_agent supervisor"],
  ["invoke_agent shell_worker", "invoke_agent supervisor"],
  ["chat gpt-4o-mini", "invoke_agent shell_worker"],
  ["execute_tool shell", "invoke_agent shell_worker"],
  ["chat gpt-4o-mini", "invoke_agent shell_worker"],
  ["chat claude-sonnet-4-6", "invoke_agent supervisor"],
  ["invoke_agent memory_worker", "invoke_agent supervisor"],
  ["chat gpt-4o-mini", "invoke_agent memory_worker"],
  ["execute_tool kv_set", "invoke_agent memory_worker"],
  ["chat gpt-4o-mini", "invoke_agent memory_worker"],
  ["chat claude-sonnet-4-6", "invoke_agent supervisor"],
];

const SUMMARY = `supervisor      3 calls — 8,444 tokens — $0.0209
memory_worker   2 calls — 2,194 tokens — $0.00028
shell_worker    2 calls — 1,703 tokens — $0.00027
total           7 calls — 12,341 tokens — $0.0214 of at most $0.5000
`;

const LOG_LINE = /^\d\d:\d\d:\d\d\.\d{3} \[(\S+) (\S+)\] (INFO|WARN) (\S+) — (.+)$/gm;

function logLines({ stdout }: DemoRun) {
  return [...stdout.matchAll(LOG_LINE)].map(([, traceId, spanId, level, agent, message]) => {
    return { traceId, spanId, level, agent, message };
  });
}

function modelCalls({ calls }: DemoRun) {
  return calls
    .filter(({ operation }) => operation === "chat")
    .map(({ agent, inputTokens, outputTokens, costNanoUsd }) => [
      agent,
      (inputTokens ?? 0) + (outputTokens ?? 0),
      costNanoUsd,
    ]);
}

describe("the demo, offline and without keys", () => {
  let run: DemoRun;
  beforeAll(async () => {
    run = await runDemo();
  }, 60_000);

  it("ends by itself, with an answer and without a complaint", () => {
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("Goal:   Check Python version and store it.");
    expect(run.stdout).toMatch(/^Answer: .+ \(stored as python_version\)$/m);
  });

  it("makes one trace in which each call stands below who made it", () => {
    const names = new Map(run.spans.map(({ spanId, name }) => [spanId, name]));
    const edges = run.spans.map(({ name, parentSpanId }) => [name, parentSpanId && names.get(parentSpanId)]);
    // Spans that start in one millisecond have no order, so this does not ask for one.
    expect(edges.toSorted()).toEqual(TREE.toSorted());
    expect(new Set(run.spans.map(({ traceId }) => traceId)).size).toBe(1);
  });

  it("prints that trace as a tree", () => {
    const tree = run.stdout.slice(run.stdout.indexOf(`\nTrace ${run.spans[0]!.traceId}`));
    const printed = tree.match(/(invoke_agent|chat|execute_tool) \S+/g);
    expect(printed).toEqual(TREE.map(([name]) => name));
  });

  it("puts trace id, span id and agent on every line that it logs", () => {
    const agents = new Map(
      run.spans.map(({ spanId, attributes }) => [spanId, attributes["gen_ai.agent.name"]]),
    );
    const lines = logLines(run);
    expect(lines).toHaveLength(8);
    // Nothing that looks like a log line is one without the ids.
    expect(run.stdout.match(/INFO|WARN/g)).toHaveLength(lines.length);
    for (const { traceId, spanId, agent } of lines) {
      expect(traceId).toBe(run.spans[0]!.traceId);
      expect(agents.get(spanId!)).toBe(agent);
    }
  });

  it("costs what its tokens cost, to the nano-dollar, for each call and on each level", () => {
    expect(modelCalls(run)).toEqual(COSTS);
    const root = run.calls.find(
      ({ agent, operation }) => operation === "invoke_agent" && agent === "supervisor",
    );
    const costNanoUsd = COSTS.reduce((sum, [, , cost]) => sum + cost, 0);
    expect(root?.subtree).toEqual({ calls: 7, tokens: 12_341, costNanoUsd });
    expect(run.stdout).toContain(SUMMARY);
  });

  it("says which models it talks to, and how to talk to real ones", () => {
    expect(run.stdout).toContain(
      "a scripted provider on this machine; set OPENAI_API_KEY and ANTHROPIC_API_KEY",
    );
    expect(run.stdout).toContain("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 npm run demo");
  });
});

describe.concurrent("the demo", () => {
  it("has the same calls, totals and summary with OTEL_SDK_DISABLED=true", async () => {
    const run = await runDemo([], { OTEL_SDK_DISABLED: "true" });
    expect(run).toMatchObject({ code: 0, stderr: "", spans: [] });
    expect(modelCalls(run)).toEqual(COSTS);
    expect(run.stdout).toContain(SUMMARY);
    expect(logLines(run).map(({ agent }) => agent)).toHaveLength(8);
  });

  it.each(["false", "true"])(
    "is stopped by the cost limit before the call that could exceed it, OTEL_SDK_DISABLED=%s",
    async (disabled) => {
      // An answer of the supervisor may cost up to $0.12, of which one costs a tenth.
      const run = await runDemo([], { DEMO_MAX_COST_USD: "0.14", OTEL_SDK_DISABLED: disabled });
      expect(run).toMatchObject({ code: 1, stderr: "" });
      const made = modelCalls(run);
      expect(made).toEqual(COSTS.slice(0, made.length));
      expect(made.length).toBeGreaterThan(0);
      expect(made.reduce((sum, [, , cost]) => sum + Number(cost ?? 0), 0)).toBeLessThanOrEqual(0.14e9);
      expect(run.stdout).toMatch(
        /Aborted: the request may use \$0\.14 and has used \$0\.0\d+, and the call may need \$0\.1\d+; the limit ends with this run\n/,
      );
      expect(run.stdout).not.toContain("Answer:");
    },
  );

  it("is stopped by its iteration cap, which names the agent", async () => {
    const run = await runDemo([], { DEMO_MAX_ITERATIONS: "1" });
    expect(run).toMatchObject({ code: 1, stderr: "" });
    expect(run.stdout).toContain(
      'Aborted: the request may use 1 iterations of agent "supervisor" and has used 1 iterations; the limit ends with this run\n',
    );
  });

  it("sends everything to the collector where an endpoint is set", async () => {
    await using sink = await otlpSink();
    const run = await runDemo([], {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(sink.spanNames().toSorted()).toEqual(TREE.map(([name]) => name).toSorted());
    expect(sink.requests.some(({ path }) => path === "/v1/metrics")).toBe(true);
    expect(run.stdout).toContain(`The same goes to ${new URL(sink.url).host}`);
  });

  it("goes on where the machine has no Python, and shows the tool that failed", async () => {
    const run = await runDemo([], { PATH: "/nonexistent" });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain(
      "Answer: python3 is not installed on this machine (stored as python_version)",
    );
    expect(run.stdout).toMatch(/execute_tool shell .+ ✗ Error: python3 is not installed/);
    expect(modelCalls(run)).toEqual(COSTS);
  });

  it("takes the goal from the command line", async () => {
    const run = await runDemo(["Which", "Node version is this?"]);
    expect(run.stdout).toContain("Goal:   Which Node version is this?\n");
    expect(run.stdout).toContain("(stored as node_version)");
  });

  it("pays for no real model where only one of the keys is set", async () => {
    const run = await runDemo([], { ANTHROPIC_API_KEY: "sk-ant-test" });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain(
      "scripted provider on this machine, as both keys are needed; set OPENAI_API_KEY",
    );
  });

  it("talks to the real providers where both keys are set", async () => {
    // In their place: the clients read these URLs only when nobody gives them one.
    await using provider = await scriptedProvider({ respond: scriptedAnswer });
    const run = await runDemo([], {
      OPENAI_API_KEY: "sk-test",
      OPENAI_BASE_URL: provider.openaiBaseUrl,
      ANTHROPIC_API_KEY: "sk-ant-test",
      ANTHROPIC_BASE_URL: provider.anthropicBaseUrl,
    });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("Models: the real ones of OpenAI and Anthropic");
    const asked = provider.requests.map(({ path, headers }) => `${path} ${headers["authorization"]}`);
    expect(asked.filter((each) => each === "/v1/messages Bearer sk-ant-test")).toHaveLength(3);
    expect(asked.filter((each) => each === "/v1/chat/completions Bearer sk-test")).toHaveLength(4);
  });
});
