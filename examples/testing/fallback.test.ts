// The provider is down: the breaker opens, and callers get the answer of before.
import { agent, cachedFallback, circuitBreaker, observe, wrap } from "agent-otel";
import { faults, ManualClock, SpanRecorder, scriptedProvider } from "agent-otel/testing";
import OpenAI from "openai";
import { expect, it } from "vitest";
import "agent-otel/testing/vitest";

it("answers from the cache while the provider is down, and asks again when the breaker lets it", async () => {
  using recorder = new SpanRecorder();
  await using provider = await scriptedProvider({ respond: () => faults.serverError() });
  const openai = observe(new OpenAI({ apiKey: "scripted", baseURL: provider.openaiBaseUrl, maxRetries: 0 }));
  const clock = new ManualClock();
  const ask = agent("answerer", async (question: string) => {
    const messages = [{ role: "user" as const, content: question }];
    const { choices } = await openai.chat.completions.create({ model: "gpt-4o-mini", messages });
    return choices[0]?.message.content;
  });
  const safe = wrap(
    circuitBreaker({ name: "answerer", failureThreshold: 2, recoveryTimeoutMs: 30_000, clock }),
  )
    .onFailure(cachedFallback({ maxAgeMs: 300_000, clock }))
    .around(ask);

  provider.queue("They hold hands.");
  expect(await safe("What do otters do?")).toBe("They hold hands.");
  for (let i = 0; i < 4; i++) expect(await safe("What do otters do?")).toBe("They hold hands.");

  // Once with success, twice until the breaker opened, and then not at all.
  expect(provider.requests).toHaveLength(3);
  expect(recorder).toHaveCalled("answerer", { times: 3 });

  // The breaker varies its time by a fifth either way.
  clock.advance(36_000);
  provider.queue("They still do.");
  expect(await safe("What do otters do?")).toBe("They still do.");
});

it("passes on that a stream broke", async () => {
  using recorder = new SpanRecorder();
  await using provider = await scriptedProvider({
    respond: () => faults.brokenStream({ afterChunks: 1, chunks: ["They ", "hold ", "hands."] }),
  });
  const openai = observe(new OpenAI({ apiKey: "scripted", baseURL: provider.openaiBaseUrl, maxRetries: 0 }));
  const read = agent("reader", async () => {
    const messages = [{ role: "user" as const, content: "What do otters do?" }];
    const stream = await openai.chat.completions.create({ model: "gpt-4o-mini", messages, stream: true });
    for await (const _ of stream);
  });

  await expect(read()).rejects.toThrow();

  await recorder.settled();
  expect(recorder).not.toHaveNoErrors();
});
