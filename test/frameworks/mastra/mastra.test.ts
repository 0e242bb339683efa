import { afterEach, beforeEach, expect, it } from "vitest";
import { agentOtelBridge } from "../../../src/frameworks/mastra/index.ts";
import { chat } from "../../../src/index.ts";
import { agentSpanProcessor } from "../../../src/pipeline/agent-span-processor.ts";
import { SpanRecorder } from "../../../src/testing/span-recorder.ts";

// Mastra itself runs in test/stack/frameworks: here is what it does rarely.
let recorder: SpanRecorder;
beforeEach(() => {
  recorder = new SpanRecorder({ spanProcessors: [agentSpanProcessor()] });
});
afterEach(() => recorder.stop());

const MODEL = { model: "gpt-4o-mini", provider: "openai.chat", streaming: true };
const USAGE = { inputTokens: 100, outputTokens: 10, inputDetails: { cacheRead: 40 } };

function run() {
  const bridge = agentOtelBridge();
  const begin = (type: string, parent?: object, attributes?: object) => {
    const ids = bridge.createSpan({ type, entityName: type, parent, attributes });
    return { type, id: ids?.spanId ?? "", traceId: ids?.traceId ?? "", parent, attributes };
  };
  const end = (span: ReturnType<typeof begin>, more: object = {}) =>
    bridge.onTracingEvent({ type: "span_ended", exportedSpan: { ...span, ...more } });
  return { bridge, begin, end };
}

it("gives Mastra's spans the ids of ours", () => {
  const { begin, end } = run();
  const agent = begin("agent_run");
  end(agent);
  expect(recorder.spans[0]).toMatchObject({ spanId: agent.id, traceId: agent.traceId });
});

it("finds the parent of a span through those that Mastra keeps to itself", () => {
  const { begin, end } = run();
  const agent = begin("agent_run");
  const tool = begin("tool_call", { id: "unknown", parent: { id: "unknown too", parent: agent } });
  end(tool);
  end(agent);
  expect(recorder.parentOf(recorder.get("execute_tool tool_call"))?.spanId).toBe(agent.id);
});

it("leaves the model call to a client that makes it in the step around", () => {
  const { bridge, begin, end } = run();
  const agent = begin("agent_run");
  const step = begin("model_step", agent);
  const inference = begin("model_inference", step, MODEL);
  bridge.executeInContextSync(step.id, () =>
    chat({ provider: "openai", model: "gpt-4o-mini" }, ({ usage }) => usage({ input: 100, output: 10 })),
  );
  end(inference, { attributes: { ...MODEL, usage: USAGE, finishReason: "stop" } });
  end(step);
  end(agent);
  expect(recorder.all(/^chat /)).toHaveLength(1);
  expect(recorder.get("invoke_agent agent_run").attributes["agents.own.tokens"]).toBe(110);
});

it("counts a model call whose span Mastra filters out, and does not end other spans", () => {
  const { bridge, begin, end } = run();
  const agent = begin("agent_run");
  const inference = begin("model_inference", agent, MODEL);
  const tool = begin("tool_call", agent);
  bridge.releaseSpan(inference.id, inference.traceId);
  bridge.releaseSpan(tool.id, tool.traceId);
  end(agent);
  expect(recorder.get("invoke_agent agent_run").attributes["agents.own.calls"]).toBe(1);
  expect(recorder.open).toEqual(["execute_tool tool_call"]);
});

it("makes a model call of an embedding", () => {
  const { begin, end } = run();
  const embedding = { model: "text-embedding-3-small", provider: "openai" };
  end(begin("rag_embedding", undefined, embedding), {
    attributes: { ...embedding, usage: { inputTokens: 8 } },
  });
  expect(recorder.get("embeddings text-embedding-3-small").attributes["gen_ai.usage.input_tokens"]).toBe(8);
});

it("ends a span once, and knows nothing of spans that it has not begun", () => {
  const { bridge, begin, end } = run();
  const agent = begin("agent_run");
  end(agent);
  end(agent);
  end({ ...agent, id: "0123456789abcdef" });
  expect(bridge.executeInContextSync("0123456789abcdef", () => 7)).toBe(7);
  expect(recorder.spans).toHaveLength(1);
});

it("ends what is open when Mastra shuts down", async () => {
  const { bridge, begin } = run();
  begin("model_inference", begin("agent_run"), MODEL);
  await bridge.shutdown();
  expect(recorder.open).toEqual([]);
});

it("leaves the oldest of more spans than it keeps", () => {
  const { begin } = run();
  for (let index = 0; index < 10_003; index += 1) begin("agent_run");
  expect(recorder.spans).toHaveLength(3);
});

it("survives spans of any shape", () => {
  const { bridge } = run();
  const parent: { parent?: object } = {};
  parent.parent = parent;
  expect(bridge.createSpan({ type: "who knows", parent })).toBeUndefined();
  expect(bridge.createSpan({ type: "model_inference", attributes: null })).toBeDefined();
  expect(() => bridge.onTracingEvent({ type: "span_ended", exportedSpan: undefined as never })).not.toThrow();
});
