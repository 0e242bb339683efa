import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContentHistory, chainOf, RecordedHistory } from "../../../src/agent/content/recorded-history.ts";
import { agent, chat, conversation } from "../../../src/index.ts";
import { capture, contentOf, DETAILS, watchEvents } from "../../instrumentation/content-support.ts";
import { watch } from "../support.ts";

const told = watch();
const logged = watchEvents();

interface Said {
  readonly role: string;
  readonly content: string;
}
const say = (count: number, from = 0): readonly Said[] =>
  Array.from({ length: count }, (_, i) => ({
    role: i % 2 ? "assistant" : "user",
    content: `message ${from + i}`,
  }));

const ask = (messages: readonly Said[]): void =>
  chat({ provider: "openai", model: "m" }, (call) => call.input(messages));

/** The texts that the last call has on its span. */
function lastTexts(): readonly string[] {
  const messages = contentOf(told.spans.all("chat m").at(-1))["gen_ai.input.messages"] as readonly {
    readonly parts: readonly { readonly content: string }[];
  }[];
  return messages.map(({ parts }) => parts[0]!.content);
}

describe("the history of a conversation", () => {
  it("is recorded once: of 40 messages the two that were not there, and how many were before", () => {
    capture("SPAN_ONLY");
    conversation("history-1", () => ask(say(38)));
    conversation("history-1", () => ask(say(40)));
    expect(lastTexts()).toEqual([
      "[38 earlier messages, recorded with the calls before]",
      "message 38",
      "message 39",
    ]);
  });

  it("grows linearly in telemetry, with every message there once", () => {
    capture("SPAN_ONLY");
    agent("writer", () => {
      for (let turn = 1; turn <= 50; turn++) ask(say(2 * turn));
    })();
    const texts = told.spans
      .all("chat m")
      .flatMap((span) => JSON.stringify(contentOf(span)).match(/message \d+/g));
    expect(texts).toHaveLength(100);
    expect(new Set(texts).size).toBe(100);
  });

  it("is recorded from the first message that was edited", () => {
    capture("SPAN_ONLY");
    conversation("history-2", () => ask(say(10)));
    const edited = say(10).map((message, i) => (i === 6 ? { ...message, content: "edited" } : message));
    conversation("history-2", () => ask(edited));
    expect(lastTexts()).toEqual([
      "[6 earlier messages, recorded with the calls before]",
      "edited",
      "message 7",
      "message 8",
      "message 9",
    ]);
  });

  it("of a request that is made again has its newest message", () => {
    capture("SPAN_ONLY");
    conversation("history-3", () => [ask(say(3)), ask(say(3))]);
    expect(lastTexts()).toEqual(["[2 earlier messages, recorded with the calls before]", "message 2"]);
  });

  it.each([
    ["another conversation", (fn: () => void) => conversation("history-5", fn)],
    ["another agent", (fn: () => void) => conversation("history-4", agent("other", fn))],
    ["a call of no agent", (fn: () => void) => fn()],
    ["another call of an agent", agent("again", (fn: () => void) => fn())],
  ])("is whole in %s, where its reader would not find it", (_, run) => {
    capture("SPAN_ONLY");
    conversation("history-4", () => ask(say(5)));
    run(() => ask(say(5)));
    expect(lastTexts()).toHaveLength(5);
  });

  it("is apart for spans and events: what was on neither is not said to be recorded", () => {
    capture("EVENT_ONLY");
    conversation("history-6", () => ask(say(4)));
    capture("SPAN_ONLY");
    conversation("history-6", () => ask(say(6)));
    expect(lastTexts()).toHaveLength(6);
    capture("SPAN_AND_EVENT");
    conversation("history-6", () => ask(say(8)));
    expect(lastTexts()).toHaveLength(1 + 8 - 4);
    const events = logged.named(DETAILS).map(({ attributes }) => attributes["gen_ai.input.messages"]);
    expect(events.map((messages) => (messages as readonly unknown[]).length)).toEqual([4, 5]);
  });

  it("is whole in the call that counts, where one layer calls another", () => {
    capture("SPAN_AND_EVENT");
    agent("layers", () => {
      chat({ provider: "openai", model: "outer" }, (outer) => {
        outer.input(say(3));
        chat({ provider: "openai", model: "inner" }, (inner) => {
          inner.input(say(3));
          inner.usage({ input: 1, output: 1 });
        });
      });
    })();
    for (const name of ["chat inner", "chat outer"])
      expect(contentOf(told.spans.get(name))["gen_ai.input.messages"]).toHaveLength(3);
  });
});

describe("what is remembered of histories", () => {
  const message = fc.record({
    role: fc.constantFrom("user", "assistant"),
    parts: fc.array(fc.record({ type: fc.constant("text"), content: fc.string() }), { maxLength: 2 }),
  });

  it("is how many messages two of them begin with alike", () => {
    fc.assert(
      fc.property(fc.array(message), fc.array(message), fc.array(message), (same, one, other) => {
        const history = new RecordedHistory();
        history.add(chainOf([...same, ...one]));
        let alike = same.length;
        while (
          alike < same.length + Math.min(one.length, other.length) &&
          JSON.stringify(one[alike - same.length]) === JSON.stringify(other[alike - same.length])
        )
          alike += 1;
        expect(history.known(chainOf([...same, ...other]))).toBe(alike);
      }),
    );
  });

  it("is bounded: an old history is forgotten, and recorded whole", () => {
    const history = new RecordedHistory();
    const text = (content: string) => ({ role: "user", parts: [{ type: "text", content }] });
    history.add(chainOf([text("first")]));
    for (let i = 0; i < 1_000; i++) history.add(chainOf([text(`other ${i}`)]));
    expect(history.known(chainOf([text("first")]))).toBe(0);
    expect(history.known(chainOf([text("other 999")]))).toBe(1);
    const long = Array.from({ length: 2_000 }, (_, i) => text(`${i}`));
    history.add(chainOf(long));
    expect(history.known(chainOf([...long, text("new")]))).toBe(2_000);
  });

  it("is bounded: of the conversations that were used longest ago nothing is left", () => {
    const all = new ContentHistory();
    const scope = (conversation: string) => ({ conversation, agent: "a" }) as never;
    const first = all.of(scope("first"));
    expect(all.of(scope("first"))).toBe(first);
    for (let i = 0; i < 1_000; i++) all.of(scope(`other ${i}`));
    expect(all.of(scope("first"))).not.toBe(first);
  });

  it("ends where a message cannot be read", () => {
    const unreadable = new Proxy(
      { role: "user", parts: [] },
      {
        ownKeys() {
          throw new Error("hostile");
        },
      },
    );
    const readable = { role: "user", parts: [] };
    expect(chainOf([readable, unreadable, readable])).toHaveLength(1);
  });
});
