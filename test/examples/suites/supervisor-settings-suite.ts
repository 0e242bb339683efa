import { beforeAll, describe, expect, it } from "vitest";
import { scriptedAnswer } from "../../../examples/supervisor/scripted-answers.ts";
import { scriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { type OtlpSink, otlpSink } from "../../pipeline/fixtures/otlp-sink.ts";
import { COSTS, logLines, modelCalls, SUMMARY, TREE } from "../fixtures/demo-conversation.ts";
import { type DemoRun, runDemo } from "../fixtures/run-demo.ts";

/** The demo with other settings, and with models that answer at once. */
function runWith(env: Readonly<Record<string, string>>, goal: readonly string[] = []): Promise<DemoRun> {
  return runDemo(goal, { DEMO_PACE: "0", ...env });
}

export function supervisorSettingsSuite() {
  describe.concurrent("the demo", () => {
    it("has the same calls, totals and summary with OTEL_SDK_DISABLED=true", async () => {
      const run = await runWith({ OTEL_SDK_DISABLED: "true" });
      expect(run).toMatchObject({ code: 0, stderr: "", spans: [] });
      expect(modelCalls(run)).toEqual(COSTS);
      expect(run.stdout).toContain(SUMMARY);
      expect(logLines(run).map(({ agent }) => agent)).toHaveLength(8);
    });

    it.each(["false", "true"])(
      "is stopped by the cost limit before the call that could exceed it, OTEL_SDK_DISABLED=%s",
      async (disabled) => {
        // An answer of the supervisor may cost up to $0.12, of which one costs a tenth.
        const run = await runWith({ DEMO_MAX_COST_USD: "0.14", OTEL_SDK_DISABLED: disabled });
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
      const run = await runWith({ DEMO_MAX_ITERATIONS: "1" });
      expect(run).toMatchObject({ code: 1, stderr: "" });
      expect(run.stdout).toContain(
        'Aborted: the request may use 1 iterations of agent "supervisor" and has used 1 iterations; the limit ends with this run\n',
      );
    });
  });

  describe.concurrent("the demo, with a goal, an endpoint and one of the keys", () => {
    let run: DemoRun;
    let sink: OtlpSink;
    beforeAll(async () => {
      sink = await otlpSink();
      const endpoint = {
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      };
      const goal = ["Which", "Node version is this?"];
      run = await runWith({ ...endpoint, ANTHROPIC_API_KEY: "sk-ant-test" }, goal);
      return () => sink[Symbol.asyncDispose]();
    }, 60_000);

    it("ends by itself, without a complaint", () => {
      expect(run).toMatchObject({ code: 0, stderr: "" });
    });

    it("takes the goal from the command line", () => {
      expect(run.stdout).toContain("Goal:   Which Node version is this?\n");
      expect(run.stdout).toContain("(stored as node_version)");
    });

    it("sends everything to the collector", () => {
      expect(sink.spanNames().toSorted()).toEqual(TREE.map(([name]) => name).toSorted());
      expect(sink.requests.some(({ path }) => path === "/v1/metrics")).toBe(true);
      expect(run.stdout).toContain(`The same goes to ${new URL(sink.url).host}`);
    });

    it("pays for no real model", () => {
      expect(run.stdout).toContain(
        "scripted provider on this machine, as both keys are needed; set OPENAI_API_KEY",
      );
    });
  });

  describe.concurrent("the demo, with both keys, where the machine has no Python", () => {
    let run: DemoRun;
    let asked: readonly string[];
    beforeAll(async () => {
      // In place of the real ones: the clients read these URLs only when nobody gives them one.
      await using provider = await scriptedProvider({
        respond: (request) => ({ ...scriptedAnswer(request), delayMs: 0 }),
      });
      run = await runWith({
        PATH: "/nonexistent",
        OPENAI_API_KEY: "sk-test",
        OPENAI_BASE_URL: provider.openaiBaseUrl,
        ANTHROPIC_API_KEY: "sk-ant-test",
        ANTHROPIC_BASE_URL: provider.anthropicBaseUrl,
      });
      asked = provider.requests.map(({ path, headers }) => `${path} ${headers["authorization"]}`);
    }, 60_000);

    it("ends by itself, without a complaint", () => {
      expect(run).toMatchObject({ code: 0, stderr: "" });
    });

    it("talks to the real providers", () => {
      expect(run.stdout).toContain("Models: the real ones of OpenAI and Anthropic");
      expect(asked.filter((each) => each === "/v1/messages Bearer sk-ant-test")).toHaveLength(3);
      expect(asked.filter((each) => each === "/v1/chat/completions Bearer sk-test")).toHaveLength(4);
    });

    it("goes on, and shows the tool that failed", () => {
      expect(run.stdout).toContain(
        "Answer: python3 is not installed on this machine (stored as python_version)",
      );
      expect(run.stdout).toMatch(/execute_tool shell .+ ✗ Error: python3 is not installed/);
      expect(modelCalls(run)).toEqual(COSTS);
    });
  });
}
