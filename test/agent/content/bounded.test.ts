import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundedMessages, boundedParts } from "../../../src/agent/content/bounded.ts";
import { Cleaner } from "../../../src/agent/content/clean.ts";
import type { ContentMessage } from "../../../src/agent/content/message.ts";

const KEY = "sk-proj-AbCdEfGh12345678";

function user(content: string): ContentMessage {
  return { role: "user", parts: [{ type: "text", content }] };
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function clean(value: unknown): unknown {
  return new Cleaner(16_384).value(value);
}

describe("recorded messages", () => {
  it("are as they were while they are short", () => {
    const messages = [
      user("why?"),
      { role: "assistant", name: "bob", parts: [{ type: "text", content: "so" }] },
    ];
    expect(boundedMessages(messages)).toEqual(messages);
  });

  it("have at most 64 KiB of JSON, of which the oldest are left out and said to be", () => {
    const messages = Array.from({ length: 40 }, (_, index) => user(`${index} ${"x".repeat(5_000)}`));
    const kept = boundedMessages(messages);
    expect(bytes(kept)).toBeLessThanOrEqual(65_536);
    expect(kept.slice(1)).toEqual(messages.slice(-12));
    expect(kept[0]).toEqual({
      role: "system",
      parts: [{ type: "text", content: "[28 older messages left out]" }],
    });
  });

  it("are each cut to 16 KiB", () => {
    const [kept] = boundedMessages([user("x".repeat(1_000_000))]);
    expect(bytes(kept)).toBeLessThanOrEqual(16_384 + 64);
    expect(JSON.stringify(kept)).toContain("x…");
  });

  it("keep the newest one whatever it is made of", () => {
    const hard = user("\u0000".repeat(100_000));
    const kept = boundedMessages([user("old"), hard]);
    expect(kept).toHaveLength(2);
    expect(bytes(kept)).toBeLessThanOrEqual(65_536);
  });

  it("have no more parts than fit, and say so", () => {
    const parts = Array.from({ length: 10_000 }, () => ({ type: "text", content: "a part of some length" }));
    const kept = boundedParts(parts);
    expect(bytes(kept)).toBeLessThanOrEqual(16_384 + 256);
    expect(kept.at(-1)).toEqual({
      type: "text",
      content: `[${10_001 - kept.length} more parts left out]`,
    });
  });

  it("are valid JSON under the cap, whatever is in them", () => {
    const part = fc.record({ type: fc.string(), content: fc.anything({ withBigInt: true, withDate: true }) });
    const message = fc.record({
      role: fc.string(),
      parts: fc.array(part, { maxLength: 5 }) as fc.Arbitrary<ContentMessage["parts"]>,
    });
    fc.assert(
      fc.property(fc.array(message), fc.integer({ min: 1, max: 50 }), (messages, times) => {
        const kept = boundedMessages(Array.from({ length: times }, () => messages).flat());
        const json = JSON.stringify(kept);
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(65_536);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(kept)));
      }),
    );
  });
});

describe("cleaned values", () => {
  it("have no secret in any text", () => {
    const cleaned = clean({ a: [`key ${KEY}`, { b: `Bearer abcdefgh` }], [KEY]: 1 });
    expect(cleaned).toEqual({ a: ["key [redacted]", { b: "[redacted]" }], "[redacted]": 1 });
  });

  it.each(["password", "apiKey", "api_key", "access_token", "clientSecret", "Authorization", "cookie"])(
    "have no value that is named %s",
    (name) => {
      expect(clean({ [name]: "hunter2", n: 1 })).toEqual({ [name]: "[redacted]", n: 1 });
    },
  );

  it("keep what only sounds like a secret", () => {
    const value = { max_tokens: 5, tokenizer: "bpe", secretary: "Ann", keys: ["a"] };
    expect(clean(value)).toEqual(value);
  });

  it("have no half of a secret where a text is cut", () => {
    const cleaned = new Cleaner(100).value(`${"x".repeat(80)} ${KEY}`);
    expect(cleaned).not.toContain("sk-");
  });

  it("have no half of a character where a text is cut", () => {
    const cleaned = String(new Cleaner(60).value("🦦".repeat(1_000)));
    expect(cleaned.isWellFormed()).toBe(true);
    expect(bytes(cleaned)).toBeLessThanOrEqual(60);
  });

  it("end where an object contains itself", () => {
    const loop: Record<string, unknown> = { name: "loop" };
    loop["self"] = loop;
    loop["all"] = [loop, loop, loop];
    expect(bytes(clean(loop))).toBeLessThanOrEqual(17_000);
  });

  it("tell bytes by their size", () => {
    expect(clean({ image: new Uint8Array(5_000), raw: Buffer.alloc(7) })).toEqual({
      image: { type: "blob", byte_size: 5_000 },
      raw: { type: "blob", byte_size: 7 },
    });
  });

  it("are read no further than they are recorded", () => {
    let read = 0;
    const items = new Proxy(new Array<string>(1_000_000).fill("twelve chars"), {
      get(target, key, receiver) {
        if (typeof key === "string" && key !== "length") read += 1;
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    clean(items);
    expect(read).toBeLessThan(2_000);
  });
});
