import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contentCapture } from "../../../src/agent/content/capture-mode.ts";
import { agentOtelBridge } from "../../../src/frameworks/mastra/index.ts";
import { agent, chat, limits, tool } from "../../../src/index.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import { formatTrace } from "../../../src/telemetry/format-trace.ts";
import { type ScriptedProvider, scriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { SpanRecorder } from "../../../src/testing/span-recorder.ts";
import { describeFramework } from "../../frameworks/support/describe-framework.ts";
import { BILLING, FIRST, RESEARCHER, type Scene, SEARCH, SECOND } from "../../frameworks/support/scene.ts";
import { mastraDesk } from "./mastra-desk.ts";

const generate = ({ provider }: Scene) => mastraDesk(provider).researcher.generate("Otters?");

describeFramework("Mastra", {
  delegate: { name: `agent-${BILLING}`, arguments: { prompt: "Charged twice?" } },
  plays: {
    plain: generate,
    tool: generate,
    error: generate,
    handoff: ({ provider }) => mastraDesk(provider).triage.generate("Why was I charged?"),
    async stream({ provider }) {
      const { textStream } = await mastraDesk(provider).researcher.stream("Otters?");
      for await (const _ of textStream);
    },
    async abort({ provider, abort }) {
      const { researcher } = mastraDesk(provider);
      const { textStream } = await researcher.stream("Otters?", { abortSignal: abort.signal });
      for await (const _ of textStream) abort.abort();
    },
  },
});

describe("agents of Mastra", () => {
  let recorder: SpanRecorder;
  let provider: ScriptedProvider;
  const searches = {
    toolCalls: [{ name: SEARCH, arguments: { query: "canary-argument" } }],
    usage: FIRST,
  };
  const answers = { text: "canary-answer", usage: SECOND };

  beforeEach(async () => {
    recorder = new SpanRecorder({ spanProcessors: [agentSpanProcessor()] });
    provider = await scriptedProvider();
  });
  afterEach(async () => {
    contentCapture.use("NO_CONTENT");
    recorder.stop();
    await provider.close();
  });

  const ended = () => expect.poll(() => recorder.open, { timeout: 5_000 }).toEqual([]);
  const parentName = (name: string | RegExp) => recorder.parentOf(recorder.get(name))?.name;

  const written = () =>
    JSON.stringify(recorder.spans, (_, value) => (typeof value === "bigint" ? String(value) : value));

  it("are called by the workflow that runs them", async () => {
    provider.queue(answers);
    const run = await mastraDesk(provider).workflow.createRun();
    expect(await run.start({ inputData: { text: "Otters?" } })).toMatchObject({ status: "success" });
    await ended();
    const [top] = recorder.spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(top?.name, formatTrace(recorder.spans)).toBe("invoke_workflow nightly");
    expect(recorder.get(`invoke_agent ${RESEARCHER}`).traceId).toBe(top?.traceId);
  });

  it("are inside of an agent of the program that calls them", async () => {
    provider.queue(answers);
    await agent("outer", () => mastraDesk(provider).researcher.generate("Otters?"))();
    await ended();
    expect(recorder.get(`invoke_agent ${RESEARCHER}`).attributes["gen_ai.caller.name"]).toBe("outer");
  });

  it("have what the program calls in their tools below those", async () => {
    provider.queue(searches, answers);
    const ask = () => chat({ provider: "openai", model: "gpt-4o" }, ({ usage }) => usage(SECOND));
    const search = agent("inner", tool("look", ask));
    await mastraDesk(provider, { search }).researcher.generate("Otters?");
    await ended();
    expect(parentName("invoke_agent inner")).toBe(`execute_tool ${SEARCH}`);
    expect(recorder.get("invoke_agent inner").attributes["gen_ai.caller.name"]).toBe(RESEARCHER);
    expect(recorder.get("chat gpt-4o").attributes["gen_ai.agent.name"]).toBe("inner");
  });

  it("do not mix when they run at once", async () => {
    const { researcher } = mastraDesk(provider);
    provider.queue(searches, searches, searches, answers, answers, answers);
    await Promise.all([1, 2, 3].map(() => researcher.generate("Otters?")));
    await ended();
    const byTrace = Object.values(Object.groupBy(recorder.spans, ({ traceId }) => traceId));
    expect(byTrace.map((spans) => spans?.length)).toEqual([4, 4, 4]);
  });

  it("fail with a tool that fails only where they give up", async () => {
    provider.queue(searches, answers);
    const search = () => Promise.reject(new TypeError("no pages"));
    await mastraDesk(provider, { search }).researcher.generate("Otters?");
    await ended();
    expect(recorder.get(`execute_tool ${SEARCH}`).status.code).toBe(2);
    expect(recorder.get(`invoke_agent ${RESEARCHER}`).status.code).not.toBe(2);
  });

  it("throw the refusal of a limit, and end", async () => {
    provider.queue(searches, answers);
    const { researcher } = mastraDesk(provider);
    const run = limits({ modelCalls: 1 }, () => researcher.generate("Otters?"));
    await expect(run).rejects.toMatchObject({ code: "limit_exceeded" });
    await ended();
    expect(provider.requests).toHaveLength(1);
  });

  it("tell their model of a tool that a limit has refused", async () => {
    const twice = { toolCalls: [...searches.toolCalls, ...searches.toolCalls], usage: FIRST };
    provider.queue(twice, answers);
    const { researcher } = mastraDesk(provider);
    await limits({ toolCalls: 1 }, () => researcher.generate("Otters?"));
    await ended();
    expect(recorder.all(`execute_tool ${SEARCH}`)).toHaveLength(1);
    expect(JSON.stringify(provider.requests[1]?.body)).toContain("may use 1 tool calls");
  });

  it("make one model span of a call that the AI SDK tried twice", async () => {
    provider.queue({ fail: { status: 429, retryAfterMs: 1 } }, answers);
    await mastraDesk(provider, { maxRetries: 2 }).researcher.generate("Otters?");
    await ended();
    expect(provider.requests).toHaveLength(2);
    expect(recorder.all(/^chat /)).toHaveLength(1);
  });

  it("show no text of prompts, tools or answers by default", async () => {
    provider.queue(searches, answers);
    await mastraDesk(provider, { search: () => "canary-result" }).researcher.generate("canary-prompt");
    await ended();
    expect(written()).not.toContain("canary");
  });

  it("show it where content is recorded", async () => {
    contentCapture.use("SPAN_ONLY");
    provider.queue(searches, answers);
    const desk = mastraDesk(provider, { capture: true, search: () => "canary-result" });
    await desk.researcher.generate("canary-prompt");
    await ended();
    const shown = written();
    for (const canary of ["canary-prompt", "canary-answer", "canary-argument", "canary-result"])
      expect(shown).toContain(canary);
  });

  it("keep their place when Mastra leaves kinds of spans out", async () => {
    provider.queue(searches, answers);
    await mastraDesk(provider, { config: { excludeSpanTypes: ["tool_call"] } }).researcher.generate(
      "Otters?",
    );
    await ended();
    expect(recorder.all(/^execute_tool/)).toEqual([]);
    expect(recorder.all(/^chat /)).toHaveLength(2);
  });

  it("refuse an unfit option", () => {
    expect(() => agentOtelBridge({ capture: "yes" as never })).toThrow(
      "agentOtelBridge: capture must be a boolean, got string",
    );
  });
});
