import { type Attributes, context, trace } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { agent } from "../../src/index.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { watch } from "../agent/support.ts";
import { CHAT, foreign } from "../instrumentation/foreign-spans.ts";
import { watchRecords } from "../instrumentation/records.ts";

watch({ spanProcessors: [agentSpanProcessor()] });
const records = watchRecords();

const usage = (details: object): Attributes => ({
  "langfuse.observation.usage_details": JSON.stringify(details),
});

/** What `observeOpenAI` does: a generation that is not active while the client is asked. */
function generation(details: Attributes, inside: () => void = () => {}): void {
  const span = trace.getTracer("langfuse-sdk").startSpan("OpenAI-completion");
  span.setAttributes({
    "langfuse.observation.type": "generation",
    "langfuse.observation.model.name": "gpt-4o-mini",
  });
  inside();
  span.setAttributes(details);
  span.end();
}

const chats = () => records.filter(({ operation }) => operation === "chat");

it("a generation of Langfuse is a call, with its tokens put together again", () => {
  const details = {
    input: 400,
    output: 20,
    total: 1050,
    input_cached_tokens: 600,
    output_reasoning_tokens: 30,
  };
  agent("writer", () => generation(usage(details)))();
  expect(chats()).toMatchObject([
    {
      agent: "writer",
      inputTokens: 1_000,
      outputTokens: 50,
      cacheReadTokens: 600,
      reasoningTokens: 30,
      costNanoUsd: 135_000,
    },
  ]);
});

it("a generation around the call of a client that is instrumented counts once", () => {
  const around = (): void => generation(usage({ input: 100, output: 40 }), () => foreign("chat", CHAT));
  agent("writer", around)();
  expect(chats()).toMatchObject([{ agent: "writer", inputTokens: 100 }]);
});

it("so it does below an observation of Langfuse that is active", () => {
  const around = (): void => generation(usage({ input: 100, output: 40 }), () => foreign("chat", CHAT));
  agent("writer", () => foreign("step", {}, around, "langfuse-sdk"))();
  expect(chats()).toHaveLength(1);
});

it("two generations one after the other are two calls", () => {
  agent("writer", () => {
    generation(usage({ input: 100, output: 40 }));
    generation(usage({ input: 100, output: 40 }));
  })();
  expect(chats()).toHaveLength(2);
});

it.each(["{", "null", "[]", '"text"', '{"input":"many"}', '{"input":-5}'])(
  "usage that is none is left out: %s",
  (details) => {
    agent("writer", () => generation({ "langfuse.observation.usage_details": details }))();
    expect(chats()).toMatchObject([{ inputTokens: undefined, costNanoUsd: undefined }]);
  },
);

it("a call below a wrapper of a span, as OpenInference makes it the active one, is below that span", () => {
  const outer = trace.getTracer("outer").startSpan("LLM", {
    attributes: {
      "openinference.span.kind": "LLM",
      "llm.token_count.prompt": 100,
      "llm.token_count.completion": 40,
    },
  });
  const wrapper = Object.create(outer, { spanContext: { value: () => outer.spanContext() } });
  agent("writer", () => {
    context.with(trace.setSpan(context.active(), wrapper), () => foreign("chat", CHAT));
    outer.end();
  })();
  expect(chats()).toHaveLength(1);
});
