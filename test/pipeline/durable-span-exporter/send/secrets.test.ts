import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../../src/pipeline/durable-span-exporter/delivery.ts";
import { httpSender } from "../../../../src/pipeline/durable-span-exporter/send/http-sender.ts";
import { answer, field, partial, rawServer, type Script, sendTo } from "./support.ts";

// None of them looks like a secret to a pattern.
const HEADERS = {
  Authorization: "Bearer canary.bearer",
  "x-team": "canary team key",
  "x-basic": `Basic ${Buffer.from("canaryuser:canarypass").toString("base64")}`,
  "x-quoted": 'canary"quoted\\value',
};
const SPELLINGS = [
  "canary.bearer",
  "Bearer canary.bearer",
  "canary team key",
  "canary%20team%20key",
  "canaryuser:canarypass",
  "canarypass",
  HEADERS["x-basic"],
  'canary"quoted\\value',
  'canary\\"quoted\\\\value',
  "key=canaryquery",
  "canaryquery",
  "canaryurluser",
  "canary word",
  "canary%20word",
  Buffer.from("canaryurluser:canary word").toString("base64"),
];

async function outcomeOf(script: Script): Promise<Outcome> {
  await using server = await rawServer(script);
  const url = `${server.url.replace("//", "//canaryurluser:canary%20word@")}?key=canaryquery`;
  const sender = httpSender({ url, headers: HEADERS });
  const outcome = await sendTo(sender);
  sender.close();
  return outcome;
}

describe("what was sent is never told", () => {
  it.each(SPELLINGS)("where a receiver repeats %s in an error", async (secret) => {
    for (const status of ["400 Bad", "413 Large", "503 Busy"]) {
      const outcome = await outcomeOf((_, socket) => void socket.write(answer(status, {}, `no: ${secret}!`)));
      expect(JSON.stringify(outcome)).toMatch(/no: (key=)?\[redacted\]!/);
    }
  });

  it.each(SPELLINGS)("where a receiver repeats %s in a partial success", async (secret) => {
    const body = partial(1n, `no: ${secret}!`);
    const outcome = await outcomeOf((_, socket) => void socket.write(answer("200 OK", {}, body)));
    expect(JSON.stringify(outcome)).not.toContain("canary");
    expect(JSON.stringify(outcome)).not.toContain(secret);
  });

  it("where a receiver answers with the whole request", async () => {
    const outcome = await outcomeOf(({ head }, socket) => void socket.write(answer("400 Bad", {}, head)));
    expect(JSON.stringify(outcome)).not.toContain("canary");
    expect(outcome).toMatchObject({ why: expect.stringContaining("HTTP 400: POST /v1/traces") });
  });

  it("where the request comes after so much text that it is cut inside a secret", async () => {
    for (let before = 65_530; before <= 65_536; before++) {
      const text = `${"canary.bearer".repeat(before / 13)}canary.bearer`;
      const outcome = await outcomeOf((_, socket) => void socket.write(answer("400 Bad", {}, text)));
      expect(JSON.stringify(outcome)).not.toContain("canary");
    }
  });

  it("where a redirect leads to a URL with a secret", async () => {
    const moved = answer("302 Found", { Location: "http://other/?key=canary" });
    const outcome = await outcomeOf((_, socket) => void socket.write(moved));
    expect(JSON.stringify(outcome)).not.toContain("canary");
  });

  it("where the connection fails", async () => {
    const url = "http://canaryurluser:canary%20word@127.0.0.1:1/?key=canaryquery";
    const outcome = await sendTo(httpSender({ url, headers: HEADERS }));
    expect(outcome).toEqual({ kind: "retry", why: "connect ECONNREFUSED 127.0.0.1:1" });
  });
});

describe("what is told", () => {
  it("has no terminal codes and no line breaks", async () => {
    const body = partial(1n, "a\u001b[31mb\r\nc\u0085d\u2028e");
    const outcome = await outcomeOf((_, socket) => void socket.write(answer("200 OK", {}, body)));
    expect(outcome).toMatchObject({ message: "a [31mb c d e" });
  });

  it("is cut to 256 characters, however much a receiver says", async () => {
    const body = field(2, "word ".repeat(200_000));
    const outcome = await outcomeOf((_, socket) => void socket.write(answer("503 Busy", {}, body)));
    expect(outcome.kind === "retry" && outcome.why.length).toBeLessThanOrEqual(256);
  });

  it("has no key of a provider, whoever it belongs to", async () => {
    const body = field(2, "bad key sk-ant-api03-abcdefghijkl");
    const outcome = await outcomeOf((_, socket) => void socket.write(answer("401 No", {}, body)));
    expect(outcome).toMatchObject({ why: "HTTP 401: bad key [redacted]" });
  });
});
