import { createHash, randomBytes, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { redactSecrets } from "../../../src/internal/redact/redact-secrets.ts";
import { KNOWN_SHAPES, leaks } from "../../faults/support/canary-shapes.ts";
import { seeded } from "../../stack/support/random.ts";

const AROUND: Readonly<Record<string, (text: string) => string>> = {
  alone: (text) => text,
  "in a sentence": (text) => `it said ${text} and went on`,
  "in brackets": (text) => `(${text})`,
  "on a line": (text) => `first\n${text}\nlast`,
  "in JSON": (text) => JSON.stringify({ note: text }),
};

describe("redaction", () => {
  // A run of 48 random characters may by chance look like words: one in a thousand does.
  const certain = Object.entries(KNOWN_SHAPES).filter(([name]) => name !== "random text");

  describe.each(Object.entries(AROUND))("of a secret %s", (_, around) => {
    it.each(certain)("finds every one of 500 in the shape %s", (_name, shape) => {
      const random = seeded(7);
      const missed = Array.from({ length: 500 }, () => shape(random))
        .filter((canary) => leaks(redactSecrets(around(canary.text)), canary))
        .map(({ text }) => text);
      expect(missed).toEqual([]);
    });
  });

  it("finds 99.5 % of random texts of 48 characters", () => {
    const random = seeded(7);
    const shape = KNOWN_SHAPES["random text"]!;
    const missed = Array.from({ length: 5_000 }, () => shape(random)).filter((canary) =>
      leaks(redactSecrets(canary.text), canary),
    );
    expect(missed.length).toBeLessThanOrEqual(25);
  });

  it("leaves the rest of the text", () => {
    expect(
      redactSecrets("GET https://bob:pw12@api.test/v1?key=abc&x=1 failed: password=hunter2, retry"),
    ).toBe(
      "GET https://[redacted]@api.test/v1?key=[redacted]&x=[redacted] failed: password=[redacted], retry",
    );
  });

  it.each([
    '{"a":{"password":"x\\"y","n":1},"tokens":5}',
    '{"credentials":{"user":"u","list":["p",{"q":"r"}]},"n":1}',
    '{"apiKey": "abc", "cookie": ["a=b"], "n": 1}',
  ])("leaves JSON valid: %s", (json) => {
    expect(JSON.parse(redactSecrets(json))).toMatchObject(json.includes('"a"') ? { tokens: 5 } : { n: 1 });
  });

  it("is the same when it is done again", () => {
    const random = seeded(9);
    for (const shape of Object.values(KNOWN_SHAPES)) {
      const once = redactSecrets(`say ${shape(random).text} twice`);
      expect(redactSecrets(once)).toBe(once);
    }
  });
});

describe("what is no secret", () => {
  it.each([
    "claude-sonnet-4-5-20250929",
    "gpt-4o-mini-2024-07-18",
    "Meta-Llama-3.1-70B-Instruct-Turbo",
    "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3-3-70b-instruct-v1:0",
    "accounts/fireworks/models/llama-v3p1-405b-instruct",
    "text-embedding-3-large",
    "/usr/lib/node_modules/@scope/some-package/dist/esm/index.js:10:5",
    "https://docs.test/guides/getting-started#installation-on-windows",
    "at Object.getUserAccountBalanceFromDatabase (file:///app/src/accountBalanceService.ts:12:34)",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "max_tokens: 5, prompt_tokens: 12, total_tokens=17",
    "the bearer of bad news has a basic understanding",
    "sk-learn-contrib and skipping-validation",
    "npm_config_registry and hf_hub_download",
    "git clone git@github.com:owner/repository.git",
    "install react@19.0.0 and openai@7.57.0",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "connect ECONNREFUSED 127.0.0.1:443",
    "2026-11-21T18:28:22.123456Z took 1234567890123456 ns",
    "SELECT account_id, secretary_name FROM tokenizer_settings WHERE keys = 1",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  ])("stays: %s", (text) => {
    expect(redactSecrets(text)).toBe(text);
  });

  it("stays in 10,000 ids of each kind that people search for", () => {
    const ids: Readonly<Record<string, () => string>> = {
      uuid: () => randomUUID(),
      "uuid without dashes": () => randomUUID().replaceAll("-", ""),
      "trace id": () => randomBytes(16).toString("hex"),
      "span id": () => randomBytes(8).toString("hex"),
      "git commit": () => randomBytes(20).toString("hex"),
      sha256: () => createHash("sha256").update(randomBytes(8)).digest("hex"),
      traceparent: () => `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`,
      "tool call": () => `call_${randomBytes(18).toString("hex")}`,
      "message id": () => `msg_01${randomBytes(16).toString("hex")}`,
      nanoseconds: () => String(BigInt(Math.floor(Math.random() * 1e9)) * 1_000_000_007n),
    };
    for (const [kind, make] of Object.entries(ids)) {
      const eaten = Array.from({ length: 10_000 }, make).filter((id) => redactSecrets(id) !== id);
      expect(eaten, kind).toEqual([]);
    }
  });
});
