import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../../src/testing/record-provider/canonical-json.ts";
import { cleanEvents } from "../../../src/testing/record-provider/clean-events.ts";
import { cleanJson } from "../../../src/testing/record-provider/clean-json.ts";
import { cleanText } from "../../../src/testing/record-provider/clean-text.ts";
import { eventText, parseEvents } from "../../../src/testing/record-provider/event-text.ts";
import type { RecordedEvent } from "../../../src/testing/record-provider/recording.ts";

const SECRETS = [
  "sk-proj-aB3dE5gH7jK9mN1pQ3sT5vX7zB9dF1hJ",
  "sk-ant-api03-Zx81kd02LLmq92jd8Kd02jdmNs92kdl",
  "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
  "otter@example.com",
  "org-Kd93jdk20dkLsk3d",
  "user-8dkKd93jdk20dkLsk3d",
  "req_011CSHoEeqs5C35K2UUqR7Fy",
  "AKIAIOSFODNN7EXAMPLE",
  "password=hunter2hunter2",
];
const anyText = fc
  .array(
    fc.oneof(fc.constantFrom(...SECRETS, " ", "\n", '"', ": ", "user-interface", "otters"), fc.string()),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(""));
const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyText,
    fc.integer(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom("user", "messages", "content", "token", "api_key"), fc.string()),
      tie("value"),
      {
        maxKeys: 4,
      },
    ),
  ),
})).value;

describe("cleaning a text", () => {
  it.each(SECRETS)("takes %j out, wherever it stands", (secret) => {
    const told = `Otters said ${secret} to us.`;
    expect(cleanText(told)).not.toContain(secret.split(/[=.@ ]/).at(-1));
    expect(cleanText(told)).toMatch(/^Otters said .*to us\.$/);
  });

  it.each([
    "user-interface",
    "org-structure",
    "req_body",
    "a project-management-tool",
    "gpt-4o-mini-2024-07-18",
    "call_8dkKd93jdk20dkLsk3d",
  ])("leaves %j alone", (word) => expect(cleanText(word)).toBe(word));

  it("changes nothing that is clean already, so that replayed answers may be asked with", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(cleanText(cleanText(text))).toBe(cleanText(text));
      }),
      { numRuns: 500 },
    );
  });
});

describe("cleaning JSON", () => {
  it("changes nothing that is clean already", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const once = cleanJson(value, cleanText);
        expect(canonicalJson(cleanJson(once, cleanText))).toBe(canonicalJson(once));
      }),
    );
  });

  it("takes out who asks, and leaves the same words where they are said", () => {
    const body = {
      user: "u-17",
      metadata: { user_id: "17" },
      messages: [
        { role: "assistant", content: [{ type: "tool_use", input: { user_id: "17", user: "ann" } }] },
      ],
    };
    expect(cleanJson(body, cleanText)).toEqual({
      user: "[redacted]",
      metadata: { user_id: "[redacted]" },
      messages: [
        { role: "assistant", content: [{ type: "tool_use", input: { user_id: "17", user: "ann" } }] },
      ],
    });
  });

  it("takes out what is named a secret, and leaves tokens of an answer", () => {
    const body = {
      input: { api_key: "short" },
      logprobs: [{ token: "Hello", logprob: -0.1 }],
      usage: { output_tokens: 3 },
    };
    expect(cleanJson(body, cleanText)).toEqual({
      input: { api_key: "[redacted]" },
      logprobs: [{ token: "Hello", logprob: -0.1 }],
      usage: { output_tokens: 3 },
    });
  });

  it("leaves vectors, images and seals as they are, and padding out", () => {
    const binary = Buffer.from(Array.from({ length: 600 }, (_, i) => (i * 7919) % 256)).toString("base64");
    const body = {
      embedding: binary,
      image_url: { url: `data:image/png;base64,${binary}` },
      signature: binary,
      obfuscation: "x8Kd93",
    };
    const { obfuscation: _, ...kept } = body;
    expect(cleanJson(body, cleanText)).toEqual(kept);
  });

  it("survives what is deeper than any request", () => {
    let deep: unknown = "sk-proj-aB3dE5gH7jK9mN1pQ3sT5vX7zB9dF1hJ";
    for (let i = 0; i < 20_000; i++) deep = [deep];
    expect(JSON.stringify(cleanJson(deep, cleanText))).not.toContain("sk-proj");
  });
});

describe("cleaning a stream", () => {
  const streamed = (pieces: readonly string[]): RecordedEvent[] =>
    pieces.map((content) => ({ data: { choices: [{ index: 0, delta: { content } }] } }));
  const textOf = (events: readonly RecordedEvent[]) =>
    events
      .map(({ data }) => (data as { choices: { delta: { content: string } }[] }).choices[0]!.delta.content)
      .join("");

  it("finds a secret that is cut in two, and keeps the number of events", () => {
    const events = cleanEvents(streamed(["write to ott", "er@exa", "mple.com, ", "please"]), cleanText);
    expect(events).toHaveLength(4);
    expect(textOf(events)).toBe("write to [redacted], please");
  });

  it("leaves the pieces of a clean stream as they are", () => {
    const events = streamed(["one ", "two ", "three"]);
    expect(cleanEvents(events, cleanText)).toEqual(events);
  });

  it("makes of the pieces what it makes of the whole, however it is cut", () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 5 }), (pieces) => {
        expect(textOf(cleanEvents(streamed(pieces), cleanText))).toBe(cleanText(pieces.join("")));
      }),
    );
  });

  it("keeps texts apart that are streamed side by side", () => {
    const piece = (index: number, args: string): RecordedEvent => ({
      data: { choices: [{ index: 0, delta: { tool_calls: [{ index, function: { arguments: args } }] } }] },
    });
    const events = cleanEvents(
      [piece(0, "ott"), piece(1, "x"), piece(0, "er@example.com"), piece(1, "y")],
      cleanText,
    );
    expect(JSON.stringify([events[1], events[3]])).toBe(JSON.stringify([piece(1, "x"), piece(1, "y")]));
    expect(JSON.stringify(events)).not.toContain("example");
  });
});

describe("the text of events", () => {
  it("is read back as it was written", () => {
    const anyEvent = fc.record(
      { event: fc.constantFrom("message_start", "delta"), id: fc.constantFrom("1", "a b"), data: anyJson },
      { requiredKeys: ["data"] },
    );
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 6 }), (events) => {
        const read = parseEvents(events.map(eventText).join(""));
        // A string that is JSON cannot be told from JSON.
        const plain = parseEvents(read.map(eventText).join(""));
        expect(plain).toEqual(read);
        expect(read).toHaveLength(events.length);
      }),
    );
  });

  it("leaves comments out, takes every kind of line end and joins lines of data", () => {
    expect(parseEvents(": hello\n\ndata: 1\r\n\r\nevent: x\rdata: a\rdata:b\r\r")).toEqual([
      { data: 1 },
      { event: "x", data: "a\nb" },
    ]);
  });
});
