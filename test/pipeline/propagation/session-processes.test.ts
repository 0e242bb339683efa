import { once } from "node:events";
import { beforeAll, describe, expect, it } from "vitest";
import { type Program, runProgram } from "../fixtures/run-program.ts";
import type { SessionCalls } from "../fixtures/session-caller.ts";
import type { SessionAnswer } from "../fixtures/session-spans.ts";

const QUIET = { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none", OTEL_LOG_LEVEL: "none" };
const TIMEOUT = 60_000;
const ALL = "agents.conversation.id=c-1,agents.user.id=u-1,agents.session.tags=beta%2Cwith%252Ccomma";
const EVERYTHING = { conversation: "c-1", user: "u-1", tags: ["beta", "with,comma"] };

/** Runs both processes. */
async function run(
  caller: Readonly<Record<string, string>>,
  service: Readonly<Record<string, string>>,
): Promise<SessionCalls> {
  using serving: Program = runProgram("session-service.ts", [], { ...QUIET, ...service });
  const [port] = (await once(serving.child.stdout!, "data")) as [string];
  using calling = runProgram("session-caller.ts", [port.trim()], { ...QUIET, ...caller });
  const { stdout, diag } = await calling.ended;
  serving.child.stdin?.end();
  await serving.ended;
  if (stdout === "") throw new Error(diag.join("\n"));
  return JSON.parse(stdout) as SessionCalls;
}

function said({ spans }: SessionAnswer): readonly unknown[] {
  return spans.filter(({ conversation, user, tags }) => conversation ?? user ?? tags);
}

describe("a session between two processes that opt in", () => {
  let calls: SessionCalls;
  beforeAll(async () => {
    calls = await run(
      { AGENT_OTEL_PROPAGATE_TO: "*", AGENT_OTEL_PROPAGATE_SESSION: "conversation,user,tags" },
      { AGENT_OTEL_TRUST_INCOMING: "true" },
    );
  }, TIMEOUT);

  it.each(["http", "undici"] as const)(
    "goes along as baggage over %s, and stands on every span there",
    (client) => {
      const answer = calls[client]["api.listed.example"]!;
      expect(answer.baggage).toBe(ALL);
      expect(answer.spans).toEqual([
        { name: "chat test-model", ...EVERYTHING },
        { name: "invoke_agent answers", ...EVERYTHING },
      ]);
      expect(calls.fetch.baggage).toBe(ALL);
    },
  );

  it.each(["http", "undici"] as const)(
    "never goes to a provider of models over %s, though every host is listed",
    (client) => {
      const answer = calls[client]["api.openai.com"]!;
      expect(answer.traceparent).toBeDefined();
      expect(answer.baggage).toBeUndefined();
      expect(said(answer)).toEqual([]);
    },
  );

  it("does not go along from inside the call of a model, whatever the host", () => {
    expect(calls.insideModelCall.traceparent).toBeDefined();
    expect(calls.insideModelCall.baggage).toBeUndefined();
  });

  it("stands on every span of the caller as well, those of its HTTP clients included", () => {
    expect(calls.spans.length).toBeGreaterThan(9);
    expect(calls.spans.filter(({ name }) => name.startsWith("GET")).length).toBeGreaterThan(6);
    expect(calls.spans.map(({ name: _, ...rest }) => rest)).toEqual(calls.spans.map(() => EVERYTHING));
  });
});

describe("a session between two processes", () => {
  it("does not leave without the opt-in, though baggage may", { timeout: TIMEOUT }, async () => {
    const { http, undici, fetch } = await run(
      { AGENT_OTEL_PROPAGATE_TO: "*" },
      { AGENT_OTEL_TRUST_INCOMING: "true" },
    );
    for (const answer of [...Object.values(http), ...Object.values(undici), fetch]) {
      expect(answer.traceparent).toBeDefined();
      expect(answer.baggage).toBeUndefined();
      expect(said(answer)).toEqual([]);
    }
  });

  it("goes to listed hosts alone, with listed fields alone", { timeout: TIMEOUT }, async () => {
    const { http, undici } = await run(
      { AGENT_OTEL_PROPAGATE_TO: "api.listed.example", AGENT_OTEL_PROPAGATE_SESSION: "conversation" },
      { AGENT_OTEL_TRUST_INCOMING: "true" },
    );
    for (const client of [http, undici]) {
      expect(client["api.listed.example"]?.baggage).toBe("agents.conversation.id=c-1");
      expect(client["api.other.example"]?.baggage).toBeUndefined();
      expect(client["api.openai.com"]?.baggage).toBeUndefined();
    }
  });

  it("is not believed where the caller is not trusted", { timeout: TIMEOUT }, async () => {
    const { http } = await run(
      { AGENT_OTEL_PROPAGATE_TO: "*", AGENT_OTEL_PROPAGATE_SESSION: "conversation,user,tags" },
      {},
    );
    expect(http["api.listed.example"]?.baggage).toBe(ALL);
    expect(said(http["api.listed.example"]!)).toEqual([]);
  });
});
