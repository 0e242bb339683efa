import { createRequire } from "node:module";
import { context, trace } from "@opentelemetry/api";
import { describe, expect, it, onTestFinished } from "vitest";
import { agent, chat, observe } from "../../../src/index.ts";
import { listenToRequests } from "../../../src/instrumentation/unseen/request-channels.ts";
import { UnseenCalls } from "../../../src/instrumentation/unseen/unseen-calls.ts";
import { agentSpanProcessor } from "../../../src/start.ts";
import { type ScriptedAnswer, scriptedProvider } from "../../../src/testing/index.ts";
import { watch } from "../../agent/support.ts";
import { nodeFetch } from "./node-fetch.ts";

// The CommonJS build is a copy that nobody has patched, as in a bundle.
const { OpenAI } = createRequire(import.meta.url)("openai") as typeof import("openai");
const body = { model: "gpt-5", messages: [{ role: "user" as const, content: "hello" }] };
const told = watch({ spanProcessors: [agentSpanProcessor()] });

/** A provider, a client of it, and what is found. Time passes when the test says so. */
async function program({ answer = {} as ScriptedAnswer, fetch = globalThis.fetch } = {}) {
  const provider = await scriptedProvider({ respond: () => answer });
  const waiting = new Set<() => void>();
  let found = 0;
  const calls = new UnseenCalls({
    onFound: () => {
      found += 1;
      stop();
    },
    after: (_ms, run) => {
      waiting.add(run);
      return () => void waiting.delete(run);
    },
  });
  const stop = listenToRequests(calls);
  onTestFinished(async () => {
    stop();
    await provider.close();
  });
  return {
    provider,
    calls,
    client: new OpenAI({ apiKey: "sk-test", baseURL: provider.openaiBaseUrl, maxRetries: 0, fetch }),
    /** How often something was found, when all have had their time to tell. */
    async found({ waited = true } = {}) {
      // The end of an answer is told after its reader has it.
      await new Promise((resolve) => setImmediate(resolve));
      if (waited) for (const run of waiting) run();
      return found;
    },
  };
}

describe("a model call of a client that nobody has patched", () => {
  it("is found, with what to do", async () => {
    const { client, found, provider } = await program();
    await client.chat.completions.create(body);
    expect(await found()).toBe(1);
    expect(told.warnings).toHaveLength(1);
    expect(told.warnings[0]).toContain(`a model call to ${new URL(provider.url).host} made no span`);
    for (const way of ["observe()", "serverExternalPackages", "external", "chat()", "docs/bundlers.md"])
      expect(told.warnings[0]).toContain(way);
  });

  it("is found inside an agent, whose span tells of no model call", async () => {
    const { client, found } = await program();
    await agent("writer", () => client.chat.completions.create(body))();
    expect(await found()).toBe(1);
  });

  it("is found where it goes through node:http", async () => {
    const { client, found } = await program({ fetch: nodeFetch });
    await client.chat.completions.create(body);
    expect(await found()).toBe(1);
  });

  it("is found where it fails", async () => {
    const { client, found } = await program({ answer: { fail: { status: 500 } } });
    await client.chat.completions.create(body).catch(() => {});
    expect(await found()).toBe(1);
  });

  it("is found where its stream is left", async () => {
    const { client, found } = await program({
      answer: { text: "a b c d e f", chunkSize: 1 } as ScriptedAnswer,
    });
    for await (const _ of await client.chat.completions.create({ ...body, stream: true })) break;
    expect(await found()).toBe(1);
  });

  it("is found when the program ends before anybody could have told", async () => {
    const { client, calls, found } = await program();
    await client.chat.completions.create(body);
    expect(await found({ waited: false })).toBe(0);
    calls.last();
    expect(await found({ waited: false })).toBe(1);
  });

  it("is found once", async () => {
    const { client, found } = await program();
    await Promise.all([1, 2, 3].map(() => client.chat.completions.create(body)));
    expect(await found()).toBe(1);
    await client.chat.completions.create(body);
    expect(await found()).toBe(1);
  });
});

describe("no alarm is given", () => {
  it("for a client that is observed", async () => {
    const { client, found } = await program();
    await observe(client).chat.completions.create(body);
    for await (const _ of await client.chat.completions.create({ ...body, stream: true })) break;
    expect(await found()).toBe(0);
  });

  it("inside chat()", async () => {
    const { client, found } = await program();
    await chat({ provider: "openai", model: "gpt-5" }, () => client.chat.completions.create(body));
    expect(await found()).toBe(0);
  });

  it("for other requests of a client", async () => {
    const { client, found } = await program();
    await client.models.list().catch(() => {});
    expect(await found()).toBe(0);
  });

  it("inside a model's span of somebody else", async () => {
    const { client, found } = await program();
    const attributes = { "openinference.span.kind": "LLM" };
    await trace.getTracer("theirs").startActiveSpan("ChatCompletion", { attributes }, async (span) => {
      await client.chat.completions.create(body);
      span.end();
    });
    expect(await found()).toBe(0);
  });

  it("where somebody's span of it is around nothing, and ends later", async () => {
    const { client, found } = await program();
    const span = trace.getTracer("theirs").startSpan("chat gpt-5");
    span.setAttributes({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5" });
    await client.chat.completions.create(body);
    span.end();
    expect(await found()).toBe(0);
  });

  it("where a span that is not recorded is around it, of which nobody can say what it is", async () => {
    const { client, found } = await program();
    const span = trace.wrapSpanContext({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      traceFlags: 0,
    });
    const within = trace.setSpan(context.active(), span);
    await context.with(within, () => client.chat.completions.create(body));
    expect(await found()).toBe(0);
  });
});
