import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { circuitBreaker, deadLetterQueue, sqliteStore } from "../../../src/index.ts";
import { otlpBreakerState, otlpSpan, sendSpan, startDev, workFolder } from "./fixtures/dev.ts";

const AGENT = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "writer" };

function api(url: string, path: string): string {
  return new URL(`api/agents/${path}`, url).href;
}

function post(url: string, token: string | undefined, body: object = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
}

describe("the server of one machine", () => {
  it("shows a span as soon as its sender has been told that it is kept", async () => {
    const { url, otlpUrl } = await startDev(workFolder());
    expect((await sendSpan(otlpUrl, otlpSpan("invoke_agent writer", AGENT))).status).toBe(200);
    const agents = (await (await fetch(api(url, "agents"))).json()) as { items: { agent: string }[] };
    expect(agents.items.map(({ agent }) => agent)).toEqual(["writer"]);
  });

  it("calls an agent unhealthy whose breaker is open, whatever its calls say", async () => {
    const { url, otlpUrl } = await startDev(workFolder());
    await sendSpan(otlpUrl, otlpSpan("invoke_agent writer", AGENT));
    await sendSpan(otlpUrl, otlpBreakerState("writer", "open"), "metrics");
    const { agents } = (await (await fetch(api(url, "health"))).json()) as { agents: object[] };
    expect(agents).toMatchObject([{ agent: "writer", score: 20, status: "unhealthy", breaker: "open" }]);
  });

  it("serves the page", async () => {
    const { url } = await startDev(workFolder());
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  });

  it("shows what it kept after it was started anew", async () => {
    const folder = workFolder();
    const first = await startDev(folder);
    await sendSpan(first.otlpUrl, otlpSpan("invoke_agent writer", AGENT));
    await first.close();
    const { url } = await startDev(folder);
    const found = await fetch(api(url, "traces/0af7651916cd43dd8448eb211c80319c"));
    expect(((await found.json()) as { spans: number }).spans).toBe(1);
  });

  it("keeps its token where only this user may read it, and takes it away at the end", async () => {
    const server = await startDev(workFolder());
    expect(statSync(server.tokenFile).mode & 0o777).toBe(0o600);
    await server.close();
    expect(() => statSync(server.tokenFile)).toThrow("ENOENT");
  });

  it("leaves a file alone that somebody else has put where the token goes", async () => {
    const folder = workFolder();
    writeFileSync(join(folder, "telemetry.db.token"), "my notes");
    await expect(startDev(folder)).rejects.toThrow("is not a file that agent-otel has made");
    expect(readFileSync(join(folder, "telemetry.db.token"), "utf8")).toBe("my notes");
  });

  it("does not start on a shared file of a newer version", async () => {
    const folder = workFolder();
    const letters = deadLetterQueue({ name: "mail", store: sqliteStore(join(folder, "agent-otel.db")) });
    await letters.add({ taskType: "send", payload: {}, attempts: 1, error: new Error("x") });
    const db = new DatabaseSync(join(folder, "agent-otel.db"));
    db.exec("PRAGMA user_version = 999");
    db.close();
    await expect(startDev(folder)).rejects.toMatchObject({ code: "store_too_new" });
  });

  it.each([undefined, "wrong"])("writes nothing for who has the token %s", async (token) => {
    const { url } = await startDev(workFolder());
    expect((await post(api(url, "circuit-breakers/writer/reset"), token)).status).toBe(401);
  });

  it("resets a breaker of an application that shares its store", async () => {
    const folder = workFolder();
    const store = sqliteStore(join(folder, "agent-otel.db"));
    onTestFinished(() => store.close());
    const closed = Promise.withResolvers<void>();
    const breaker = circuitBreaker({
      name: "reset from the page",
      failureThreshold: 1,
      recoveryTimeoutMs: 600_000,
      store,
      onTransition: ({ to }) => {
        if (to === "closed") closed.resolve();
      },
    });
    await breaker.execute(() => Promise.reject(new Error("down"))).catch(() => {});
    const { url, token } = await startDev(folder);
    const path = api(url, `circuit-breakers/${encodeURIComponent(breaker.name)}/reset`);
    // Until the breaker has given its first sign of life to the store.
    let answer = await post(path, token);
    while (answer.status === 404) answer = await post(path, token);
    expect(answer.status).toBe(200);
    await closed.promise;
    expect(breaker.state).toBe("closed");
  });

  it("has the application replay a dead letter", async () => {
    const folder = workFolder();
    const store = sqliteStore(join(folder, "agent-otel.db"));
    onTestFinished(() => store.close());
    const letters = deadLetterQueue({ name: "mail", store });
    const letter = await letters.add({
      taskType: "send",
      payload: { to: "me" },
      attempts: 3,
      error: new Error("x"),
    });
    const replayed = Promise.withResolvers<unknown>();
    const serving = letters.serveReplays((payload) => replayed.resolve(payload), { pollMs: 100 });
    onTestFinished(() => serving.close());
    const { url, token } = await startDev(folder);
    const answer = await post(api(url, `dead-letters/mail/${letter.id}/replay`), token);
    expect(await answer.json()).toMatchObject({ outcome: "requested" });
    expect(await replayed.promise).toEqual({ to: "me" });
  });

  it("does not start a second time on the same file", async () => {
    const folder = workFolder();
    await startDev(folder);
    await expect(startDev(folder)).rejects.toMatchObject({ code: expect.stringMatching(/^[a-z_]+$/) });
  });
});
