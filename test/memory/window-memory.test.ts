import type { MessageParam, TextBlockParam } from "@anthropic-ai/sdk/resources/messages";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { describe, expect, it } from "vitest";
import { agent } from "../../src/agent/agent.ts";
import { WindowOverflowError } from "../../src/errors/window-overflow-error.ts";
import { type ChatMessage, type WindowMemoryOptions, windowMemory } from "../../src/memory/window-memory.ts";
import { MetricSources } from "../../src/telemetry/metric-sources.ts";
import { ManualClock, SpanRecorder } from "../../src/testing/index.ts";

/** A token for each character of text: easy to reckon with. */
function open<M extends ChatMessage = ChatMessage>(options: Partial<WindowMemoryOptions<M>> = {}) {
  const metrics = new MetricSources();
  const window = windowMemory<M>({
    maxTokens: 100,
    countTokens: (text) => text.length,
    metrics,
    ...options,
  });
  return { window, metrics };
}

function user(content: string): ChatMessage {
  return { role: "user", content };
}

function assistant(content: string): ChatMessage {
  return { role: "assistant", content };
}

const x = (chars: number): string => "x".repeat(chars);

function call(...ids: readonly string[]): ChatMessage {
  return { role: "assistant", content: null, tool_calls: ids.map((id) => ({ id })) } as ChatMessage;
}

function result(id: string, content = "found"): ChatMessage {
  return { role: "tool", tool_call_id: id, content } as ChatMessage;
}

describe("windowMemory", () => {
  it("lets the oldest exchange go, whole, and gives back the very objects that were added", () => {
    const { window } = open();
    const system = { role: "system", content: x(10) };
    const [first, second] = [
      [user(x(20)), assistant(x(20))],
      [user(x(21)), assistant(x(20))],
    ];
    window.add([system, ...first, ...second]);
    expect(window.current()).toEqual([system, ...first, ...second]);
    const third = user(x(10));
    window.add(third);
    const given = window.current();
    expect(given).toHaveLength(4);
    expect(given.every((message, i) => message === [system, ...second, third][i])).toBe(true);
    expect([window.tokens, window.size]).toEqual([61, 4]);
  });

  it("takes OpenAI's own type of messages and gives it back", async () => {
    const { window } = open<ChatCompletionMessageParam>({ maxTokens: 1_000 });
    window.add([
      { role: "developer", content: "be kind" },
      { role: "user", content: "find otters" },
      {
        role: "assistant",
        tool_calls: [{ id: "a", type: "function", function: { name: "search", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "a", content: "3 otters" },
    ]);
    const messages: ChatCompletionMessageParam[] = await window.messages();
    expect(messages).toHaveLength(4);
    expect(window.stats().format).toBe("openai");
  });

  it("takes Anthropic's own type of messages, with the system prompt beside them", async () => {
    const system: TextBlockParam[] = [{ type: "text", text: "be kind" }];
    const { window } = open<MessageParam>({ maxTokens: 1_000, system });
    window.add([
      { role: "user", content: "find otters" },
      { role: "assistant", content: [{ type: "tool_use", id: "a", name: "search", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "3 otters" }] },
    ]);
    const messages: MessageParam[] = await window.messages();
    expect(messages).toHaveLength(3);
    expect(window.system).toBe(system);
    expect(window.stats().format).toBe("anthropic");
  });

  it("keeps a call with its results: of an exchange that is too large alone the oldest go, and what the user said stays", () => {
    const { window } = open({ maxMessages: 5 });
    const asked = user("find them");
    const rounds = [0, 1, 2].map((i) => [call(`${i}a`, `${i}b`), result(`${i}a`), result(`${i}b`)]);
    window.add([asked, ...rounds.flat()]);
    expect(window.current()).toEqual([asked, ...rounds[2]!]);
    expect(window.stats()).toMatchObject({ evictedMessages: 6, compactions: 1 });
  });

  it("gives a call whose results have not come as the last message, and leaves it out once the talk goes on", () => {
    const { window } = open();
    const asked = user("find them");
    window.add([asked, call("a", "b"), result("a")]);
    expect(window.current()).toHaveLength(3);
    const next = user("never mind");
    window.add(next);
    expect(window.current()).toEqual([asked, next]);
    window.add(result("b"));
    expect(window.current()).toEqual([asked, next]);
    expect(window.stats()).toMatchObject({ incompleteMessages: 3, evictedMessages: 0 });
  });

  it("begins with the user where it turns out that the messages are Anthropic's", () => {
    const { window } = open();
    window.add([assistant("hello, can I help?"), user("find otters")]);
    expect(window.size).toBe(2);
    window.add({ role: "assistant", content: [{ type: "tool_use", id: "a", name: "search", input: {} }] });
    expect(window.current().map(({ role }) => role)).toEqual(["user", "assistant"]);
  });

  it("keeps what is pinned, with what the user had said before it", () => {
    const { window } = open({ pin: ({ content }) => content === "remember" });
    const kept = [user("my name?"), assistant("remember")];
    window.add([...kept, assistant(x(30)), user(x(40)), assistant(x(40))]);
    expect(window.current().slice(0, 2)).toEqual(kept);
    expect(window.stats().pinned).toBe(1);
    const [first] = kept;
    expect(window.pin(first!)).toBe(true);
    expect(window.pin(user("not there"))).toBe(false);
    expect(window.unpin(kept[1]!)).toBe(true);
    window.add([user(x(80)), assistant("ok")]);
    expect(window.current().map(({ content }) => content)).toEqual(["my name?", x(80), "ok"]);
  });

  it("refuses what cannot fit with what must stay, in numbers, and adds none of it", () => {
    const { window } = open({ name: "support", maxMessages: 5 });
    window.add([{ role: "system", content: x(50) }, user("first")]);
    const before = window.current();
    const attempt = (): void => window.add([user("second"), user(x(60))]);
    expect(attempt).toThrow(WindowOverflowError);
    expect(attempt).toThrow(
      'window "support": system prompt, pinned and newest messages need 110 of 100 tokens and 2 of 5 messages',
    );
    try {
      attempt();
    } catch (error) {
      expect(error).toMatchObject({
        ...{ code: "window_overflow", window: "support", neededTokens: 110, allowedTokens: 100 },
        ...{ neededMessages: 2, allowedMessages: 5 },
      });
    }
    expect(window.current()).toEqual(before);
    expect(window.stats().compactions).toBe(0);
  });

  it("lets more go at once where it is told to come down to less", () => {
    const { window } = open({ compactTo: 0.5 });
    for (let i = 0; i < 11; i++) window.add(user(x(10)));
    expect(window.tokens).toBe(50);
  });

  it("begins anew with system prompt and pinned messages alone", () => {
    const { window } = open();
    const system = { role: "system", content: "be kind" };
    const [asked, answer, other] = [user("a"), assistant("b"), user("c")];
    window.add([system, asked, answer, other]);
    window.pin(answer);
    window.clear();
    expect(window.current()).toEqual([system, asked, answer]);
  });

  it("exchanges Anthropic's system prompt, and not for one that does not fit", () => {
    const { window } = open<MessageParam>({ system: x(10) });
    window.add({ role: "user", content: x(40) });
    window.system = x(60);
    expect(window.tokens).toBe(100);
    expect(() => {
      window.system = x(61);
    }).toThrow(WindowOverflowError);
    expect([window.system, window.tokens]).toEqual([x(60), 100]);
  });

  it("leaves room for what the provider counts beyond it", () => {
    const { window } = open();
    window.add([user(x(30)), assistant(x(10)), user(x(30))]);
    window.current();
    window.recalibrate({ prompt_tokens: 90 });
    expect(window.tokens).toBe(90);
    window.add(assistant(x(20)));
    expect([window.size, window.tokens]).toEqual([2, 70]);
    window.current();
    window.recalibrate({ input_tokens: 5, cache_read_input_tokens: 30, cache_creation_input_tokens: 25 });
    expect(window.tokens).toBe(60);
    window.recalibrate(10);
    expect(window.tokens).toBe(50);
    window.recalibrate(200);
    expect(() => window.current()).toThrow(WindowOverflowError);
  });
});

describe("the estimate of tokens", () => {
  const counted = (message: ChatMessage): number => {
    const window = windowMemory({ maxTokens: 1_000_000, metrics: new MetricSources() });
    window.add(message);
    return window.tokens;
  };

  it.each([
    ["a token for 3 bytes, and 4 for the message", user("x".repeat(300)), 104],
    ["bytes, not characters", user("水".repeat(300)), 304],
    ["calls with all that stands in them", call("a"), 4 + Math.ceil('[{"id":"a"}]'.length / 3)],
    [
      "an image, whatever it weighs",
      { role: "user", content: [{ type: "image_url", image_url: { url: x(10_000) } }] },
      5_004,
    ],
    [
      "an image in a result",
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "stray", content: [{ type: "image" }] }],
      },
      0,
    ],
  ] as const)("counts %s", (_, message, tokens) => {
    expect(counted(message)).toBe(tokens);
  });
});

describe("the summary of a window", () => {
  const exchange = (i: number): readonly ChatMessage[] => [
    user(`question ${i} ${x(30)}`),
    assistant(`answer ${i}`),
  ];

  it("takes the place of what left, in a message of the user, and becomes part of the next one", async () => {
    const asked: (readonly [number, string | undefined])[] = [];
    const { window } = open({
      ...{ maxTokens: 200, summaryTokens: 80, compactTo: 1 },
      summarise: async (messages, { previous }) => {
        asked.push([messages.length, previous]);
        return `${asked.length} so far`;
      },
    });
    const system = { role: "system", content: "be kind" };
    window.add([system, ...[1, 2, 3].flatMap(exchange)]);
    expect(window.current()).toEqual([system, ...[2, 3].flatMap(exchange)]);
    expect(await window.messages()).toEqual([
      system,
      user("Summary of the conversation so far:\n1 so far"),
      ...[2, 3].flatMap(exchange),
    ]);
    window.add(exchange(4));
    expect((await window.messages())[1]).toEqual(user("Summary of the conversation so far:\n2 so far"));
    expect(asked).toEqual([
      [2, undefined],
      [2, "1 so far"],
    ]);
  });

  it("tells of all that has left, in pieces that fit into a window, each made of the one before it", async () => {
    const pieces: { readonly messages: readonly unknown[]; readonly previous: string | undefined }[] = [];
    const { window } = open({
      maxTokens: 200,
      summaryTokens: 80,
      compactTo: 1,
      summarise: async (messages: readonly unknown[], { previous }: { previous: string | undefined }) => {
        pieces.push({ messages, previous });
        return `piece ${pieces.length}`;
      },
    });
    const history = Array.from({ length: 12 }, (_, i) => exchange(i)).flat();
    window.add(history);
    const [summary, ...left] = await window.messages();
    expect([...pieces.flatMap(({ messages }) => messages), ...left]).toEqual(history);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.map(({ previous }) => previous)).toEqual([
      undefined,
      ...pieces.slice(1).map((_, i) => `piece ${i + 1}`),
    ]);
    expect(summary?.content).toBe(`Summary of the conversation so far:\npiece ${pieces.length}`);
  });

  it("keeps no more for a summariser that hangs than some windows, and says so", async () => {
    const given: number[] = [];
    const { promise, resolve } = Promise.withResolvers<string>();
    const { window } = open({
      maxTokens: 200,
      summaryTokens: 80,
      compactTo: 1,
      summarise: (messages: readonly unknown[]) => {
        given.push(messages.length);
        return given.length === 1 ? promise : "done";
      },
    });
    for (let i = 0; i < 400; i++) {
      window.add(exchange(i));
      if (i === 3) await Promise.resolve();
    }
    resolve("the first");
    await window.messages();
    expect(given.reduce((sum, messages) => sum + messages, 0)).toBeLessThan(400);
    expect(window.stats().failedSummaries).toBeGreaterThan(0);
  });

  it("loses no message that is added while it is written", async () => {
    const gate = Promise.withResolvers<string>();
    const { window } = open({
      maxTokens: 200,
      summaryTokens: 80,
      compactTo: 1,
      summarise: () => gate.promise,
    });
    window.add([1, 2, 3].flatMap(exchange));
    const waiting = window.messages();
    const late = user("are you there?");
    window.add(late);
    gate.resolve("the first");
    const given = await waiting;
    expect(given.at(-1)).toBe(late);
    expect(given[0]?.content).toBe("Summary of the conversation so far:\nthe first");
    expect(given).toHaveLength(6);
  });

  it("is cut where it is too long", async () => {
    const { window } = open({ maxTokens: 200, summaryTokens: 80, summarise: async () => x(1_000) });
    window.add([1, 2, 3, 4].flatMap(exchange));
    const [first] = await window.messages();
    expect(String(first?.content)).toMatch(/^Summary of the conversation so far:\nx{20,43}…$/);
    expect(window.tokens).toBeLessThanOrEqual(200);
  });

  it.each([
    ["fails", (): Promise<string> => Promise.reject(new Error("no answer"))],
    [
      "throws",
      (): string => {
        throw new Error("no answer");
      },
    ],
    ["gives nothing", async (): Promise<string> => " "],
  ] as const)("is left out where the summariser %s", async (_, summarise) => {
    const { window } = open({ maxTokens: 200, summaryTokens: 80, compactTo: 1, summarise });
    window.add([1, 2, 3].flatMap(exchange));
    expect(await window.messages()).toEqual([2, 3].flatMap(exchange));
    expect(window.stats()).toMatchObject({ failedSummaries: 1, hasSummary: false });
  });

  it("is not waited for longer than its time, and the signal says so", async () => {
    const clock = new ManualClock();
    const timers: (() => void)[] = [];
    let aborted = false;
    const { window } = open({
      ...{ maxTokens: 200, summaryTokens: 80, summariseTimeoutMs: 1_000, clock },
      after: (_ms, run) => {
        timers.push(run);
        return () => {};
      },
      summarise: (_messages, { signal }) => {
        signal.addEventListener("abort", () => {
          aborted = true;
        });
        return new Promise<string>(() => {});
      },
    });
    window.add([1, 2, 3, 4].flatMap(exchange));
    const waiting = window.messages();
    await Promise.resolve();
    await Promise.resolve();
    clock.advance(1_000);
    for (const run of timers) run();
    expect((await waiting).length).toBeGreaterThan(0);
    expect([aborted, window.stats().failedSummaries]).toEqual([true, 1]);
  });

  it("is not waited for once the caller has given up", async () => {
    const { window } = open({
      maxTokens: 200,
      summaryTokens: 80,
      summarise: () => new Promise<string>(() => {}),
    });
    window.add([1, 2, 3, 4].flatMap(exchange));
    const controller = new AbortController();
    const waiting = window.messages(controller.signal);
    controller.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
  });

  it("is dropped with all else when the conversation begins anew", async () => {
    const gate = Promise.withResolvers<string>();
    const { window } = open({ maxTokens: 200, summaryTokens: 80, summarise: () => gate.promise });
    window.add([1, 2, 3, 4].flatMap(exchange));
    window.clear();
    window.add(user("hello"));
    gate.resolve("of the old one");
    await gate.promise;
    expect(await window.messages()).toEqual([user("hello")]);
    expect(window.summary).toBeUndefined();
  });
});

describe("what a window tells", () => {
  it("is an event on the span of whoever adds, in numbers alone", async () => {
    const recorder = new SpanRecorder();
    try {
      const { window } = open({ name: "support" });
      await agent("helper", async () => window.add([user(x(60)), assistant(x(40)), user("secret")]))();
      const [event] = recorder
        .get("invoke_agent helper")
        .events.filter(({ name }) => name.includes("memory"));
      expect(event).toMatchObject({
        name: "agents.memory.compaction",
        attributes: {
          "agents.memory.name": "support",
          "agents.memory.left.messages": 2,
          "agents.memory.left.tokens": 100,
          "agents.memory.kept.messages": 1,
          "agents.memory.kept.tokens": 6,
        },
      });
      expect(JSON.stringify(event?.attributes)).not.toContain("secret");
    } finally {
      recorder.stop();
    }
  });

  it("is counted by name, reason and outcome", async () => {
    const { window, metrics } = open({
      name: "support",
      summarise: async () => "so it was",
      summaryTokens: 50,
    });
    window.add([user(x(30)), user(x(30)), call("a"), user("next")]);
    await window.messages();
    const told = Object.fromEntries(
      metrics
        .collect()
        .map(({ name, points }) => [
          name.replace("agents.memory.", ""),
          points.map((point) =>
            [...Object.values(point.attributes), "value" in point ? point.value : 0].join(" "),
          ),
        ]),
    );
    expect(told).toEqual({
      tokens: ["support 79"],
      messages: ["support 3"],
      compactions: ["support 1"],
      evicted_messages: ["support limit 1", "support incomplete 1"],
      summaries: ["support written 1"],
    });
  });
});

describe("bad input to a window", () => {
  it.each([
    [{}, "windowMemory: maxTokens must be a whole number from 16 to 100000000, got undefined"],
    [{ maxTokens: 8.5 }, "got 8.5"],
    [
      { maxTokens: 100, maxMessages: 0 },
      "windowMemory: maxMessages must be a whole number from 1 to 1000000, got 0",
    ],
    [{ maxTokens: 100, format: "gemini" }, 'windowMemory: format must be openai or anthropic, got "gemini"'],
    [{ maxTokens: 100, summarise: "yes" }, "windowMemory: summarise must be a function, got string"],
    [
      { maxTokens: 100, summaryTokens: 100 },
      "windowMemory: summaryTokens must be a whole number from 1 to 99, got 100",
    ],
    [{ maxTokens: 100, compactTo: 0 }, "windowMemory: compactTo must be above 0 and at most 1, got 0"],
    [{ maxTokens: 100, system: 4 }, "windowMemory: system must be a text or a list of text blocks"],
    [{ maxTokens: 100, system: "a", format: "openai" }, "windowMemory: system is Anthropic's"],
    [{ maxTokens: 100, system: x(1_000) }, "need 338 of 100 tokens"],
    [{ maxTokens: 100, name: "" }, "windowMemory: name must not be empty"],
  ])("refuses the options %j", (options, message) => {
    expect(() => windowMemory(options as WindowMemoryOptions)).toThrow(message);
  });

  const ring: { role: string; self?: unknown } = { role: "user" };
  ring.self = ring;
  it.each([
    [undefined, "windowMemory: messages[0] must be a message, got undefined"],
    [
      { role: "bot", content: "a" },
      'messages[0].role must be system, developer, user, assistant or tool, got "bot"',
    ],
    [{ role: "user", content: 4 }, "messages[0].content must be a string or a list of parts, got number"],
    [{ role: "user", content: ["a"] }, "messages[0].content[0] must be an object with a type, got string"],
    [
      { role: "tool", content: "a" },
      "messages[0].tool_call_id must be a string that is not empty, got undefined",
    ],
    [{ role: "assistant", tool_calls: [{}] }, "messages[0].tool_calls[0].id must be a string"],
    [
      { role: "user", content: [{ type: "tool_use", id: "a" }] },
      "a tool call must stand in a message of the assistant",
    ],
    [
      { role: "assistant", content: [{ type: "tool_result", tool_use_id: "a" }] },
      "must stand in a message of the user",
    ],
    [
      { role: "assistant", content: [{ type: "tool_use", id: "a" }], tool_calls: [{ id: "a" }] },
      "messages[0] has parts of both OpenAI's and Anthropic's format",
    ],
    [ring, "messages[0] must be plain JSON"],
    [{ role: "user", content: "a", size: 1n }, "messages[0] must be plain JSON"],
  ])("refuses a message that is none, and says where", (message, said) => {
    const { window } = open();
    expect(() => window.add(message as unknown as ChatMessage)).toThrow(said);
    expect(window.size).toBe(0);
  });

  it("refuses a message in the other format", () => {
    const { window } = open({ format: "openai" });
    expect(() => window.add({ role: "user", content: [{ type: "image" }] })).toThrow(
      "windowMemory: messages[0] is in the format of anthropic, and the window's is openai",
    );
  });

  it("refuses a count that is no number", () => {
    const { window } = open({ countTokens: () => Number.NaN });
    expect(() => window.add(user("a"))).toThrow(
      "windowMemory: countTokens must give a number from 0, got NaN",
    );
    expect(() => window.recalibrate({} as never)).toThrow("windowMemory: recalibrate takes");
  });
});
