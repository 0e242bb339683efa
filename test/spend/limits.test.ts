import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { chat } from "../../src/agent/chat.ts";
import { recordUsage } from "../../src/agent/record-usage.ts";
import { tool } from "../../src/agent/tool.ts";
import { LimitExceededError } from "../../src/errors/limit-exceeded-error.ts";
import { UnpricedModelError } from "../../src/errors/unpriced-model-error.ts";
import { observe } from "../../src/instrumentation/observe.ts";
import { circuitBreaker } from "../../src/resilience/circuit-breaker.ts";
import { limits } from "../../src/spend/limits.ts";
import { type ScriptedProvider, scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";

const MODEL = "gpt-4o-mini";
/** Dollars for a million tokens: 0.15 in, 0.60 out. */
const ask = (input = 1_000, output = 1_000, maxTokens?: number) =>
  chat({ provider: "openai", model: MODEL, ...(maxTokens !== undefined && { maxTokens }) }, async (call) => {
    call.usage({ input, output });
    return "answer";
  });

/** How many of `times` calls went through before one was refused, and the refusal. */
async function until(
  refused: () => Promise<unknown>,
  times = 100,
): Promise<{ made: number; error: unknown }> {
  for (let made = 0; made < times; made++) {
    try {
      await refused();
    } catch (error) {
      return { made, error };
    }
  }
  return { made: times, error: undefined };
}

describe("a limit on a run", () => {
  it("refuses the model call beyond it, and says which limit, how much was used, and what of", async () => {
    const { made, error } = await limits({ modelCalls: 3, name: "support" }, () => until(ask));
    expect(made).toBe(3);
    expect(error).toBeInstanceOf(LimitExceededError);
    expect(error).toMatchObject({ code: "limit_exceeded", limit: "modelCalls", max: 3, used: 3 });
    expect((error as Error).message).toBe(
      "support may use 3 model calls and has used 3 model calls; the limit ends with this run",
    );
  });

  it("is for each agent by itself where it is on iterations", async () => {
    const loop = () => until(ask);
    const [one, other] = [agent("one", loop), agent("other", loop)];
    const made = await limits({ iterations: 2 }, async () => [(await one()).made, (await other()).made]);
    expect(made).toEqual([2, 2]);
  });

  it("names the agent whose iterations they were", async () => {
    const { error } = await limits({ iterations: 1 }, () => agent("looper", () => until(ask))());
    expect(error).toMatchObject({ limit: "iterations", agent: "looper", max: 1 });
  });

  it("holds for agents that are called by agents, and through every await", async () => {
    const inner = agent("inner", async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return ask();
    });
    const outer = agent("outer", () => inner());
    expect((await limits({ modelCalls: 2 }, () => until(outer))).made).toBe(2);
  });

  it("refuses the tool call beyond it, before the tool runs", async () => {
    let runs = 0;
    const search = tool("search", async () => {
      runs += 1;
    });
    const { error } = await limits({ toolCalls: 2 }, () => until(search));
    expect(runs).toBe(2);
    expect(error).toMatchObject({ limit: "toolCalls", used: 2 });
  });

  it("of 0 refuses the first call", async () => {
    await expect(limits({ toolCalls: 0 }, () => tool("t", async () => {})())).rejects.toMatchObject({
      limit: "toolCalls",
    });
  });

  it("ends with its run: the next one begins anew", async () => {
    for (let i = 0; i < 3; i++) expect(await limits({ modelCalls: 1 }, () => ask())).toBe("answer");
  });

  it("does not touch calls outside of the run that go on meanwhile", async () => {
    const gate = Promise.withResolvers<void>();
    const run = limits({ modelCalls: 0 }, () => gate.promise);
    expect(await ask()).toBe("answer");
    gate.resolve();
    await run;
  });

  it("inside another holds together with it, whichever is reached first", async () => {
    const nested = () => limits({ modelCalls: 2 }, () => until(ask));
    const both = await limits({ modelCalls: 3 }, async () => [(await nested()).made, (await nested()).made]);
    expect(both).toEqual([2, 1]);
  });

  it("lets exactly so many of 1,000 calls pass that begin at once", async () => {
    const results = await limits({ modelCalls: 10 }, () =>
      Promise.allSettled(Array.from({ length: 1_000 }, async () => ask())),
    );
    expect(results.filter(({ status }) => status === "fulfilled").length).toBe(10);
  });

  it("aborts the signal of the run with the refusal, so that what runs beside it ends", async () => {
    const ended = limits({ modelCalls: 0 }, async (signal) => {
      const beside = new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason)),
      );
      await Promise.allSettled([(async () => ask())()]);
      return beside;
    });
    await expect(ended).rejects.toBeInstanceOf(LimitExceededError);
  });

  it("hands the caller's abort on to the run", async () => {
    const caller = new AbortController();
    const reason = new Error("gone");
    const run = limits(
      { modelCalls: 1 },
      (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      caller.signal,
    );
    caller.abort(reason);
    await expect(run).rejects.toBe(reason);
  });

  it("gives what a run returns that handles the refusal by itself", async () => {
    const run = limits({ modelCalls: 1 }, async () => {
      const { made } = await until(ask);
      return `stopped after ${made}`;
    });
    expect(await run).toBe("stopped after 1");
  });

  it("is no failure of a breaker inside the run", async () => {
    const breaker = circuitBreaker({ name: "limits test", failureThreshold: 1 });
    await limits({ modelCalls: 0 }, () => breaker.execute(() => ask()).catch(() => {}));
    expect(breaker.state).toBe("closed");
  });
});

describe("a limit in money", () => {
  it("refuses the next call once it is used up, where nobody knows what calls may cost", async () => {
    // $0.00075 each.
    const { made, error } = await limits({ usd: 0.002 }, () => until(ask));
    expect(made).toBe(3);
    expect(error).toMatchObject({ limit: "usd", max: 0.002, used: 0.002_25 });
  });

  it("counts what was reported by hand", async () => {
    const { made } = await limits({ usd: 1 }, () =>
      until(async () => {
        await ask(0, 0);
        recordUsage({ model: MODEL, inputTokens: 1, outputTokens: 1, costUsd: 0.4 });
      }),
    );
    expect(made).toBe(3);
  });

  it("refuses calls of a model whose price nobody knows: unknown is not free", async () => {
    const call = () => chat({ provider: "mine", model: "no-such-model" }, async () => "x");
    const error = await limits({ usd: 100 }, async () => call()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnpricedModelError);
    expect(error).toMatchObject({ code: "unpriced_model", model: "no-such-model", provider: "mine" });
  });

  it("leaves calls of such a model alone where the limit is on something else", async () => {
    const call = () => chat({ provider: "mine", model: "no-such-model" }, async () => "x");
    expect(await limits({ modelCalls: 1 }, () => call())).toBe("x");
  });
});

describe("a limit in tokens", () => {
  it("refuses the next call once they are used up", async () => {
    const { made, error } = await limits({ tokens: 5_000 }, () => until(ask));
    expect(made).toBe(3);
    expect(error).toMatchObject({ limit: "tokens", max: 5_000, used: 6_000 });
  });
});

describe("under an instrumented client", () => {
  let provider: ScriptedProvider;
  let client: OpenAI;
  const create = (maxTokens?: number) =>
    client.chat.completions.create({
      model: MODEL,
      messages: [{ role: "user", content: "why?" }],
      ...(maxTokens !== undefined && { max_tokens: maxTokens }),
    });

  beforeAll(async () => {
    provider = await scriptedProvider();
    client = observe(new OpenAI({ apiKey: "none", baseURL: provider.openaiBaseUrl, maxRetries: 0 }));
  });
  afterAll(() => provider.close());

  it("no request is sent beyond the limit", async () => {
    const before = provider.requests.length;
    const { error } = await limits({ modelCalls: 2 }, () => until(() => create()));
    expect(error).toBeInstanceOf(LimitExceededError);
    expect(provider.requests.length - before).toBe(2);
  });

  it("a call whose maximum is known is refused before it can go beyond: nothing is overspent", async () => {
    // 100,000 tokens of answer cost up to $0.06.
    const { error } = await limits({ usd: 0.05 }, () => until(() => create(100_000)));
    expect(error).toMatchObject({ limit: "usd", used: 0, asked: expect.closeTo(0.06, 3) });
  });

  it("calls that begin together reserve what they may cost, so they cannot pass together", async () => {
    const results = await limits({ usd: 0.13 }, () =>
      Promise.allSettled(Array.from({ length: 20 }, async () => create(100_000))),
    );
    expect(results.filter(({ status }) => status === "fulfilled").length).toBe(2);
  });

  it("a call that is over gives back what it did not use", async () => {
    const { made } = await limits({ usd: 0.07 }, () => until(() => create(100_000), 10));
    expect(made).toBe(10);
  });

  it("a call that fails gives back what it had reserved", async () => {
    const run = limits({ usd: 0.07 }, async () => {
      provider.queue({ fail: { status: 500 } });
      await create(100_000).catch(() => {});
      return create(100_000);
    });
    expect(await run).toBeDefined();
  });

  it("a request for several answers may cost so many times as much", async () => {
    const messages = [{ role: "user" as const, content: "why?" }];
    const several = () =>
      client.chat.completions.create({ model: MODEL, messages, max_tokens: 100_000, n: 5 });
    await expect(limits({ usd: 0.25 }, () => several())).rejects.toMatchObject({
      asked: expect.closeTo(0.3, 3),
    });
  });

  it("an embedding has no answer to bound: the most that it costs is its input", async () => {
    const input = "word ".repeat(10_000);
    const embed = () => client.embeddings.create({ model: "text-embedding-3-small", input });
    // Half a token a character, $0.02 a million.
    await expect(limits({ usd: 0.0004 }, () => embed())).rejects.toMatchObject({
      asked: expect.closeTo(0.0005, 5),
    });
    expect(await limits({ usd: 0.001 }, () => embed())).toBeDefined();
  });

  it("a call with an image has no known maximum, and begins while something is left", async () => {
    const content = [{ type: "image_url" as const, image_url: { url: "https://example.com/a.png" } }];
    const look = () =>
      client.chat.completions.create({
        model: MODEL,
        messages: [{ role: "user", content }],
        max_tokens: 100_000,
      });
    expect(await limits({ usd: 0.05 }, () => look())).toBeDefined();
  });

  it("a limit that is put up inside of chat() is asked for the call of the client there", async () => {
    const call = chat({ provider: "openai", model: MODEL }, () => limits({ modelCalls: 0 }, () => create()));
    await expect(call).rejects.toBeInstanceOf(LimitExceededError);
  });

  it("a streamed answer without a bound is broken off when it passes the limit, and its request is ended", async () => {
    // About 10,000 tokens, $0.006.
    provider.queue({ text: "word ".repeat(8_000) });
    let read = 0;
    const run = limits({ usd: 0.001 }, async () => {
      const messages = [{ role: "user" as const, content: "why?" }];
      const stream = await client.chat.completions.create({ model: MODEL, messages, stream: true });
      for await (const chunk of stream) read += chunk.choices[0]?.delta.content?.length ?? 0;
    });
    await expect(run).rejects.toMatchObject({ code: "limit_exceeded", limit: "usd" });
    // 4 characters a token, $0.60 a million.
    expect(read).toBeGreaterThan(5_000);
    expect(read).toBeLessThan(9_000);
  });

  it("a streamed answer within the limit is left alone", async () => {
    provider.queue({ text: "word ".repeat(800) });
    const run = limits({ usd: 0.01, tokens: 100_000 }, async () => {
      const messages = [{ role: "user" as const, content: "why?" }];
      const stream = await client.chat.completions.create({ model: MODEL, messages, stream: true });
      let text = "";
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
      return text;
    });
    expect((await run).length).toBe(4_000);
  });

  it("chat() around the client is one call, and a second request inside it is another", async () => {
    const wrapped = () => chat({ provider: "openai", model: MODEL }, () => create());
    expect((await limits({ modelCalls: 2 }, () => until(wrapped))).made).toBe(2);
    const twice = () =>
      chat({ provider: "openai", model: MODEL }, async () => {
        await create();
        return create();
      });
    await expect(limits({ modelCalls: 1 }, () => twice())).rejects.toBeInstanceOf(LimitExceededError);
  });
});

describe("in a trace", () => {
  const watched = watch();

  it("a refusal is an event and the error type of the agent's span", async () => {
    const looper = agent("looper", async () => {
      for (;;) await ask();
    });
    await limits({ iterations: 2, name: "support" }, () => looper()).catch(() => {});
    const span = watched.spans.get("invoke_agent looper");
    expect(span.attributes["error.type"]).toBe("limit_exceeded");
    expect(span.events).toMatchObject([
      {
        name: "agents.budget.rejection",
        attributes: { "agents.budget.name": "support", "agents.budget.window": "iterations" },
      },
    ]);
  });
});

describe("a bad limit", () => {
  it.each<[object, string]>([
    [{}, "limits: give at least one of iterations"],
    [{ iterations: -1 }, "limits: iterations must be a whole number >= 0, got -1"],
    [{ modelCalls: 1.5 }, "limits: modelCalls must be a whole number >= 0, got 1.5"],
    [{ usd: Number.NaN }, "limits: usd must be a number of dollars >= 0, got NaN"],
    [{ usd: -1 }, "limits: usd must be a number of dollars >= 0, got -1"],
    [{ tokens: "9" }, 'limits: tokens must be a whole number >= 0, got "9"'],
  ])("%j is an error that names it and its value", async (options, message) => {
    await expect(limits(options, () => 1)).rejects.toThrow(message);
  });
});
