import { trace } from "@opentelemetry/api";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, describe, expect, it } from "vitest";
import { agent } from "../../src/index.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { watchRecords } from "../instrumentation/records.ts";
import { chatRequest, clientsOf } from "../instrumentation/support.ts";
import { run } from "../register/run.ts";
import { watchMetrics } from "./support.ts";

// 74,000 traces of which 6,000 are of models: the rest are pages and requests. And two SDKs that fight for the one global place.

const told = watch({ spanProcessors: [agentSpanProcessor()] });
const records = watchRecords();
const metrics = watchMetrics();
const undici = new UndiciInstrumentation();
afterEach(() => undici.disable());

/** A request as Next.js traces it, around a call of a model whose request is traced as well. */
async function page(): Promise<void> {
  undici.setTracerProvider(trace.getTracerProvider());
  undici.enable();
  await using provider = await scriptedProvider();
  const { openai } = clientsOf(provider);
  const ask = agent("chatbot", () => openai.chat.completions.create(chatRequest));
  const next = trace.getTracer("next.js");
  const attributes = {
    "next.span_type": "BaseServer.handleRequest",
    "http.method": "POST",
    "http.target": "/api/chat",
  };
  await next.startActiveSpan("POST /api/chat", { attributes }, async (request) => {
    await next.startActiveSpan("executing api route (app) /api/chat", async (route) => {
      await ask();
      route.end();
    });
    for (const name of ["resolve page components", "start response", "HEAD /[lang]"])
      next.startSpan(name).end();
    request.end();
  });
}

describe("spans of pages and requests", () => {
  it("are no calls: neither records, nor metrics, nor a cost", async () => {
    await page();
    expect(records.map(({ operation }) => operation)).toEqual(["chat", "invoke_agent"]);
    expect(await metrics.total("gen_ai.invoke_agent.duration")).toBe(1);
    expect(await metrics.total("gen_ai.client.inference.duration")).toBe(1);
  });

  it("pass as they are, so that who wants them has them", async () => {
    await page();
    const ours = ["invoke_agent chatbot", "chat gpt-4o-mini"];
    const others = told.spans.spans.filter(({ name }) => !ours.includes(name));
    expect(others.map(({ name }) => name)).toContain("POST");
    expect(others).toHaveLength(6);
    const added = others
      .flatMap(({ attributes }) => Object.keys(attributes))
      .filter((name) => /^(gen_ai|agents)\./.test(name));
    expect(added).toEqual([]);
  });

  it("do not come between an agent and its callers: the agent stands below the page, the call below the agent", async () => {
    await page();
    const parent = told.spans.get("invoke_agent chatbot", {
      parent: told.spans.get("executing api route (app) /api/chat"),
      attributes: { "gen_ai.caller.name": undefined },
    });
    told.spans.get("chat gpt-4o-mini", { parent });
  });
});

describe("two SDKs in one process", () => {
  it("a provider of somebody's own sees its spans and none of ours, and ours is not touched", async () => {
    const exporter = new InMemorySpanExporter();
    const own = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    own.getTracer("theirs").startActiveSpan("their work", (span) => {
      agent("ours", () => 1)();
      span.end();
    });
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(["their work"]);
    expect(told.spans.spans.map(({ name }) => name)).toEqual(["invoke_agent ours"]);
  });

  it("the program's own stays the owner where it says so, with our calls in it", async () => {
    const { stdout, diag } = await run("own-sdk.ts", { env: { AGENT_OTEL_SDK: "external" } });
    expect(diag).toEqual([]);
    expect(JSON.parse(stdout).spans).toEqual([
      ["chat gpt-4o-mini", "researcher"],
      ["invoke_agent researcher", "researcher"],
    ]);
  });

  it("a second one that comes after ours is no silent fight: one line says what to set", async () => {
    const { diag } = await run("second-sdk.mjs");
    expect(diag.filter((line) => line.includes("AGENT_OTEL_SDK=external"))).toHaveLength(1);
  });
});
