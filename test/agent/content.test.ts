import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agent, chat, tool } from "../../src/index.ts";
import { watch } from "./support.ts";

const seen = watch();
const everything = (): string =>
  JSON.stringify([seen.spans.spans, seen.records, seen.warnings], (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );

describe("content", () => {
  it("is nowhere unless it is asked for", async () => {
    const ask = agent("discreet", async (question: string) => {
      tool("echo", (text: string) => text)(question);
      return chat({ provider: "openai", model: "m" }, () => `re: ${question}`);
    });
    await ask("the-question");
    expect(seen.records).toHaveLength(3);
    expect(everything()).not.toContain("the-question");
  });

  it("of an agent is put on its span with capture, as the conventions have it", async () => {
    await agent("open", async (question: string) => `re: ${question}`, { capture: true })("why");
    const { attributes } = seen.spans.get("invoke_agent open");
    const said = (role: string, content: string): string =>
      JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
    expect(attributes["gen_ai.input.messages"]).toBe(said("user", "why"));
    expect(attributes["gen_ai.output.messages"]).toBe(said("assistant", "re: why"));
  });

  it("of a tool is put on its span with capture", () => {
    tool("add", (a: number, b: number) => ({ sum: a + b }), { capture: true })(1, 2);
    seen.spans.get("execute_tool add", {
      attributes: { "gen_ai.tool.call.arguments": "[1,2]", "gen_ai.tool.call.result": '{"sum":3}' },
    });
  });

  it("is cut to 4 KiB characters and cleared of secrets", () => {
    const key = "sk-proj-abcdefgh12345678";
    tool("long", (text: string) => text, { capture: true })(`${key} ${"x".repeat(10_000)}`);
    const text = String(seen.spans.get("execute_tool long").attributes["gen_ai.tool.call.arguments"]);
    expect([text.length, text.startsWith("[redacted] x"), text.endsWith("…")]).toEqual([4_096, true, true]);
  });

  it("is never captured from a failed call's result", () => {
    const fails = agent("fails", () => Promise.reject(new Error("no")), { capture: true });
    return fails().catch(() => {
      expect(seen.spans.get("invoke_agent fails").attributes["gen_ai.output.messages"]).toBeUndefined();
    });
  });
});

const SECRETS: [string, string][] = [
  ["Incorrect API key provided: sk-proj-AbCdEfGh12345678.", "AbCdEfGh12345678"],
  ["Authorization: Bearer abc.def-ghi_jkl", "abc.def-ghi_jkl"],
  ['{"authorization":"Bearer abc.def"}', "abc.def"],
  ["401 for Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"],
  ["GET https://api.test/v1?key=s3cr3tvalue&x=1", "s3cr3tvalue"],
  ["connect postgres://app:hunter2@db:5432/main", "hunter2"],
  ["api key: topsecretvalue", "topsecretvalue"],
  ["password=hunter2", "hunter2"],
  ["bad token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJzdWIiOiIxIn0"],
  ["AKIAIOSFODNN7EXAMPLE is not allowed", "IOSFODNN7EXAMPLE"],
  ["ghp_abcdefghijklmnop0123 expired", "abcdefghijklmnop0123"],
];

describe("the status message of a failed call", () => {
  const statusOf = (message: string): string | undefined => {
    seen.spans.reset();
    try {
      agent("leaks", () => {
        throw new Error(message);
      })();
    } catch {}
    return seen.spans.get("invoke_agent leaks").status.message;
  };

  it.each(SECRETS)("has no secret of %j", (message, secret) => {
    const status = statusOf(message);
    expect(status).not.toContain(secret);
    expect(status).toContain("[redacted]");
  });

  it.each([
    "skipping-validation of the hfield failed",
    "skyscrapers and pkgconfig-files are missing",
    "connect ECONNREFUSED 127.0.0.1:443",
    "see https://docs.test/errors#429 for help",
  ])("keeps what is no secret: %j", (message) => {
    expect(statusOf(message)).toBe(message);
  });

  it("is cut to 256 characters", () => {
    expect(statusOf("x".repeat(1_000))).toHaveLength(256);
  });

  it("has no key, wherever in the message it stands", () => {
    fc.assert(
      fc.property(fc.lorem(), fc.stringMatching(/^[a-z0-9]{24}$/), fc.lorem(), (before, key, after) => {
        expect(statusOf(`${before} sk-${key} ${after}`)).not.toContain(key);
      }),
    );
  });
});
