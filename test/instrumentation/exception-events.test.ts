import { logs } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { agent, chat, tool } from "../../src/index.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { asks, capture, DETAILS, EXCEPTION, watchEvents } from "./content-support.ts";
import { chatRequest, clientsOf, messageRequest, responseRequest } from "./support.ts";

const told = watch();
const logged = watchEvents();

const MODEL = { provider: "mistral_ai", model: "m" };

function failWith(error: unknown): void {
  try {
    chat(MODEL, () => {
      throw error;
    });
  } catch {}
}

describe("a failed model call", () => {
  it.each(asks.flatMap(([name, ask]) => [false, true].map((stream) => ({ name, ask, stream }))))(
    "of $name is one event of severity WARN, on its span (stream: $stream)",
    async ({ ask, stream }) => {
      const fail = { status: 429, message: "slow down, canary-free", retryAfterMs: 1 };
      await using provider = await scriptedProvider({ respond: () => ({ fail }) });
      await expect(ask(clientsOf(provider, { maxRetries: 1 }), stream)).rejects.toThrow();
      expect(provider.requests).toHaveLength(2);
      const [span] = told.spans.spans;
      expect(logged.events).toHaveLength(1);
      const [event] = logged.events;
      expect(event).toMatchObject({
        eventName: EXCEPTION,
        severityNumber: 13,
        severityText: "WARN",
        spanContext: { traceId: span?.traceId, spanId: span?.spanId },
        attributes: {
          "exception.type": "RateLimitError",
          "exception.message": span?.status.message,
          "exception.stacktrace": expect.stringContaining("slow down"),
        },
      });
      expect(String(event?.attributes["exception.message"])).toContain("slow down");
      expect(JSON.stringify(event?.attributes)).not.toContain("canary rules");
    },
  );

  it("is one event when its stream breaks", async () => {
    await using provider = await scriptedProvider({
      respond: () => ({ text: "abc", chunks: 3, breakAfterChunks: 2 }),
    });
    const stream = await clientsOf(provider).openai.chat.completions.create({ ...chatRequest, stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow();
    expect(logged.events.map(({ eventName }) => eventName)).toEqual([EXCEPTION]);
  });

  it("of chat() is an event, with the message redacted and cut in the stack as well", () => {
    failWith(new TypeError(`key sk-proj-AbCdEfGh12345678 ${"long ".repeat(2_000)}end-of-message`));
    const { attributes } = logged.events[0]!;
    expect(attributes["exception.type"]).toBe("TypeError");
    expect(attributes["exception.message"]).toHaveLength(256);
    const stack = String(attributes["exception.stacktrace"]);
    expect(stack).toContain("exception-events.test.ts");
    expect(stack.length).toBeLessThanOrEqual(8_192);
    expect(stack).not.toContain("AbCdEfGh");
    expect(stack).not.toContain("end-of-message");
  });

  it("has a stack without secrets of its causes and paths", () => {
    const error = new Error("no");
    error.stack = `Error: no\n    at https://user:hunter2@host.test/app.js?key=s3cr3t:1:1`;
    failWith(error);
    expect(String(logged.events[0]?.attributes["exception.stacktrace"])).not.toMatch(/hunter2|s3cr3t/);
  });

  it.each([
    ["a string", "just text", { "exception.type": "_OTHER", "exception.message": "just text" }],
    ["nothing", undefined, { "exception.type": "_OTHER" }],
  ])("with %s thrown has what can be known", (_, thrown, attributes) => {
    failWith(thrown);
    expect(logged.events[0]?.attributes).toEqual(attributes);
  });

  it("whose error cannot be read is still rethrown, and has what can be known", () => {
    const hostile = new Proxy(new Error("x"), {
      get() {
        throw new Error("hostile");
      },
    });
    let thrown: unknown;
    try {
      chat(MODEL, () => {
        throw hostile;
      });
    } catch (error) {
      thrown = error;
    }
    expect(thrown === hostile).toBe(true);
    expect(logged.events[0]?.attributes).toEqual({ "exception.type": "_OTHER" });
    expect(told.records).toHaveLength(1);
  });

  it("with content on has both events, the details first and with error.type", () => {
    capture("EVENT_ONLY");
    failWith(new RangeError("no"));
    expect(logged.events.map(({ eventName }) => eventName)).toEqual([DETAILS, EXCEPTION]);
    expect(logged.events[0]?.attributes["error.type"]).toBe("RangeError");
  });

  it("without a logs pipeline goes nowhere and says nothing", () => {
    logs.disable();
    failWith(new Error("no"));
    expect(logged.events).toEqual([]);
    expect(told.warnings).toEqual([]);
  });
});

describe("no exception event", () => {
  it("is made for a stream that the caller leaves", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ text: "abc", chunks: 3 }) });
    const stream = await clientsOf(provider).openai.chat.completions.create({ ...chatRequest, stream: true });
    for await (const _ of stream) break;
    expect(told.records).toHaveLength(1);
    expect(logged.events).toEqual([]);
  });

  it.each(asks.flatMap(([name, ask]) => [false, true].map((stream) => ({ name, ask, stream }))))(
    "is made for $name that the caller aborts (stream: $stream)",
    async ({ name, stream }) => {
      await using provider = await scriptedProvider({ respond: () => ({ stall: true }) });
      const { openai, anthropic } = clientsOf(provider);
      const abort = new AbortController();
      const options = { signal: abort.signal };
      const answers: Readonly<Record<string, () => Promise<unknown>>> = {
        "chat completions": async () => openai.chat.completions.create({ ...chatRequest, stream }, options),
        responses: async () => openai.responses.create({ ...responseRequest, stream }, options),
        messages: async () => anthropic.messages.create({ ...messageRequest, stream }, options),
      };
      const answer = answers[name]!();
      await provider.received(0);
      abort.abort();
      await expect(answer).rejects.toThrow();
      expect(told.records).toEqual([expect.objectContaining({ errorType: "APIUserAbortError" })]);
      expect(logged.events).toEqual([]);
    },
  );

  it("is made for agents and tools: their failures are on their spans", () => {
    const fails = tool("fails", () => {
      throw new Error("no");
    });
    expect(agent("asks", () => fails())).toThrow();
    expect(told.records).toHaveLength(2);
    expect(logged.events).toEqual([]);
  });
});
