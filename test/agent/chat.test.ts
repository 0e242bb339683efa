import { SpanKind } from "@opentelemetry/api";
import { describe, expect, expectTypeOf, it } from "vitest";
import { agent, chat, currentAgent } from "../../src/index.ts";
import { watch } from "./support.ts";

const seen = watch();
const MODEL = { provider: "openai", model: "test-model" } as const;

describe("chat", () => {
  it("returns what the function returns, with its type", async () => {
    const answer = chat(MODEL, async () => "otters");
    expectTypeOf(answer).toEqualTypeOf<Promise<string>>();
    expect(await answer).toBe("otters");
  });

  it("makes one CLIENT span chat {model} with the agent's name", () => {
    agent("asker", () => chat(MODEL, () => 1))();
    const span = seen.spans.get("chat test-model", {
      parent: seen.spans.get("invoke_agent asker"),
      failed: false,
    });
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.attributes).toEqual({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "test-model",
      "gen_ai.agent.name": "asker",
    });
  });

  it("writes request, answer, usage and the provider's own price", () => {
    chat(
      { ...MODEL, maxTokens: 100, temperature: 0, attributes: { "server.address": "api.test" } },
      (recorder) => {
        recorder.response({ id: "r1", model: "test-model-2", finishReasons: ["stop"], costUsd: 0.25 });
        recorder.usage({
          input: 10,
          output: 5,
          cacheRead: 4,
          cacheWrite5m: 1,
          cacheWrite1h: 2,
          reasoning: 3,
        });
      },
    );
    seen.spans.get("chat test-model", {
      attributes: {
        "gen_ai.request.max_tokens": 100,
        "gen_ai.request.temperature": 0,
        "server.address": "api.test",
        "gen_ai.response.id": "r1",
        "gen_ai.response.model": "test-model-2",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.cache_read.input_tokens": 4,
        "gen_ai.usage.cache_write.input_tokens": 3,
        "gen_ai.usage.reasoning.output_tokens": 3,
        "gen_ai.usage.cost.amount": 0.25,
        "gen_ai.usage.cost.currency": "USD",
        "gen_ai.usage.cost.source": "provider",
      },
    });
  });

  it("prices a known model from the table", () => {
    chat({ provider: "openai", model: "gpt-4o" }, ({ usage }) => usage({ input: 1_000, output: 1_000 }));
    const [record] = seen.records;
    expect([record?.costSource, (record?.costNanoUsd ?? 0) > 0]).toEqual(["local", true]);
  });

  it("leaves the cost off a model whose price is not known, and says so once", () => {
    const ask = (): void =>
      chat({ provider: "openai", model: "unheard-of" }, ({ usage }) => usage({ input: 1, output: 1 }));
    ask();
    ask();
    expect(seen.records.map((record) => record.costNanoUsd)).toEqual([undefined, undefined]);
    expect(seen.warnings.filter((warning) => warning.includes("unheard-of"))).toHaveLength(1);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])(
    "does not believe an answer that costs %d",
    (costUsd) => {
      const live = agent("sceptic", () => {
        chat(MODEL, (recorder) => recorder.response({ costUsd }));
        return currentAgent()?.own.costNanoUsd;
      })();
      expect(live).toBe(0);
      expect(seen.records.map((record) => record.costNanoUsd ?? record.own?.costNanoUsd)).toEqual([
        undefined,
        0,
      ]);
    },
  );

  it("counts the last of several usage reports, once", () => {
    agent("streams-totals", () =>
      chat(MODEL, ({ usage }) => {
        usage({ input: 5, output: 1 });
        usage({ input: 5, output: 9 });
      }),
    )();
    expect(seen.records.at(-1)?.own).toMatchObject({ calls: 1, tokens: 14 });
  });

  it("takes no notice of what is reported after the end", () => {
    let late = (): void => {};
    chat(MODEL, ({ usage, response, chunk }) => {
      late = () => {
        usage({ input: 1, output: 1 });
        response({ id: "late" });
        chunk();
      };
    });
    late();
    expect(seen.records).toHaveLength(1);
    seen.spans.get("chat test-model", { attributes: { "gen_ai.response.id": undefined } });
  });

  it("refuses wrong usage with a RangeError that names count and value", () => {
    expect(() => chat(MODEL, ({ usage }) => usage({ input: -1, output: 1 }))).toThrow(
      /chat: usage: input .*-1/,
    );
  });

  it("throws the same error object, and books the call all the same", async () => {
    const error = new Error("overloaded");
    const ask = agent("unlucky", () => chat(MODEL, () => Promise.reject(error)));
    await expect(ask()).rejects.toBe(error);
    expect(seen.records.map((r) => [r.operation, r.errorType])).toEqual([
      ["chat", "Error"],
      ["invoke_agent", "Error"],
    ]);
    expect(seen.records[1]?.own?.calls).toBe(1);
  });
});

describe("a streamed answer", () => {
  const stream = (): AsyncGenerator<string> =>
    chat({ ...MODEL, stream: true }, async function* ({ chunk, usage }) {
      for (const word of ["a", "b"]) {
        chunk();
        yield word;
      }
      usage({ input: 3, output: 2 });
    });

  it("lasts until its last chunk, and has its usage and the time to the first", async () => {
    expect(await Array.fromAsync(stream())).toEqual(["a", "b"]);
    const span = seen.spans.get("chat test-model", {
      attributes: { "gen_ai.usage.input_tokens": 3, "gen_ai.request.stream": true },
    });
    expect(span.attributes["gen_ai.response.time_to_first_chunk"]).toBeTypeOf("number");
    expect(span.attributes["gen_ai.response.finish_reasons"]).toBeUndefined();
  });

  it("that is broken off has the finish reason error, and is no failure", async () => {
    for await (const _ of stream()) break;
    seen.spans.get("chat test-model", {
      failed: false,
      attributes: { "gen_ai.response.finish_reasons": ["error"] },
    });
  });
});
