import { diag, logs } from "@opentelemetry/api";
import { AlwaysOffSampler } from "@opentelemetry/sdk-trace";
import { describe, expect, it } from "vitest";
import { ModelCall } from "../../src/agent/model-call.ts";
import { openAiChat } from "../../src/instrumentation/clients/openai-chat.ts";
import { withContent } from "../../src/instrumentation/content-reader.ts";
import { alwaysRecord } from "../../src/pipeline/always-record.ts";
import { SpanRecorder, scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { asks, capture, contentOf, DETAILS, watchEvents } from "./content-support.ts";
import { clientsOf } from "./support.ts";

const told = watch();
const logged = watchEvents();

const broken = (): never => {
  throw new Error("broken");
};

describe("a content reader that throws", () => {
  it("costs the content and nothing else, with one warning for each kind", () => {
    capture("SPAN_ONLY");
    const content = { request: broken, answer: broken, stream: () => ({ item: broken, messages: broken }) };
    for (let i = 0; i < 3; i++) {
      for (const stream of [false, true]) {
        const call = new ModelCall({ provider: "openai", model: "m" });
        const endpoint = withContent({ ...openAiChat, content }, call, {});
        const reader = endpoint.streamReader(false);
        if (stream) expect(reader.item(call, { id: "a", choices: [] })).toBe("keep");
        else endpoint.answer(call, { id: "a", choices: [] });
        call.end();
      }
    }
    expect(told.spans.all("chat m", { attributes: { "gen_ai.response.id": "a" } })).toHaveLength(6);
    expect(told.warnings.map((text) => text.replace(/ failed;.*/, ""))).toEqual([
      "agent-otel: recording the content of a request",
      "agent-otel: recording the content of an answer",
      "agent-otel: recording the content of a stream",
    ]);
  });
});

describe("a logs pipeline that throws", () => {
  const throwing = [
    ["getLogger", { getLogger: broken }],
    ["enabled", { getLogger: () => ({ enabled: broken, emit() {} }) }],
    ["emit", { getLogger: () => ({ enabled: () => true, emit: broken }) }],
  ] as const;

  it.each(throwing)("in %s leaves answers and failures as they are", async (_, provider) => {
    logs.disable();
    logs.setGlobalLoggerProvider(provider);
    capture("SPAN_AND_EVENT");
    await using server = await scriptedProvider();
    for (const [, ask] of asks) {
      for (const stream of [false, true]) {
        server.queue({ text: "fine" }, { fail: { status: 400 } });
        await expect(ask(clientsOf(server), stream)).resolves.toBeDefined();
        await expect(ask(clientsOf(server), stream)).rejects.toMatchObject({ status: 400 });
      }
    }
    expect(told.spans.spans).toHaveLength(12);
    expect(contentOf(told.spans.spans[0])).toHaveProperty(["gen_ai.output.messages"]);
  });
});

describe("a span that is not sampled", () => {
  it("gets no content, its event does", async () => {
    told.spans.stop();
    using cleanup = new DisposableStack();
    const spans = new SpanRecorder({ sampler: alwaysRecord(new AlwaysOffSampler()) });
    cleanup.defer(() => spans.stop());
    capture("SPAN_AND_EVENT");
    await using server = await scriptedProvider();
    await asks[0]![1](clientsOf(server), false);
    expect(contentOf(spans.get("chat gpt-4o-mini"))).toEqual({});
    expect(logged.named(DETAILS)[0]?.attributes).toHaveProperty(["gen_ai.input.messages"]);
  });
});

describe("without any SDK", () => {
  it("nothing of the content is read", async () => {
    told.spans.stop();
    logs.disable();
    capture("SPAN_AND_EVENT");
    const call = new ModelCall({ provider: "openai", model: "m" });
    const content = { request: broken, answer: broken, stream: broken };
    const endpoint = { ...openAiChat, content };
    expect(withContent(endpoint, call, {})).toBe(endpoint);
    call.end();
    diag.disable();
    expect(told.warnings).toEqual([]);
  });
});
