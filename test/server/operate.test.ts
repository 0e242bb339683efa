import { describe, expect, it, onTestFinished } from "vitest";
import { NotReachableError } from "../../src/errors/not-reachable-error.ts";
import { StoreUnusableError } from "../../src/errors/store-unusable-error.ts";
import { windowMemory } from "../../src/memory/window-memory.ts";
import { circuitBreaker } from "../../src/resilience/circuit-breaker.ts";
import type { AgentsSources } from "../../src/server/index.ts";
import { costGuard } from "../../src/spend/cost-guard.ts";
import type { ReplayHandler } from "../../src/work/dead-letter-queue.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { served } from "./support/served.ts";
import { stored } from "./support/sources.ts";

async function withStores(handler?: ReplayHandler) {
  const parts = stored(await temporaryFolder());
  onTestFinished(() => parts.close());
  const { ledger, queue } = parts;
  const server = served({ ledger, deadLetters: [{ queue, ...(handler && { handler }) }] });
  const give = (key: string, taskType = "send") =>
    queue.add({ key, taskType, payload: { to: key }, error: new TypeError("no such address"), attempts: 2 });
  return { ...server, ...parts, give };
}

/** A router over one source that is replaced. */
function over(sources: Partial<AgentsSources>) {
  const base = served();
  return served({}, { sources: { ...base.sources, ...sources } });
}

describe("breakers", () => {
  it("are listed by name with their states, and reset by who says so", async () => {
    const { ask, post, breakers, ledger } = await withStores();
    circuitBreaker({ name: "writer", registry: breakers, ledger }).forceOpen({ actor: "ann" });
    breakers.get("another");
    const before = (await ask("circuit-breakers")).body.items;
    expect(before.map((row: { name: string; state: string }) => [row.name, row.state])).toEqual([
      ["another", "closed"],
      ["writer", "forced_open"],
    ]);
    expect((await ask("health")).body.open_breakers).toBe(1);
    const reset = await post("circuit-breakers/writer/reset", { actor: "ben@example.com" });
    expect(reset).toMatchObject({ status: 200, body: { name: "writer", state: "closed" } });
    // The breaker writes its rows soon: those before one that is awaited are written.
    await ledger.append({ kind: "failure", subject: "another" });
    const { items } = (await ask("ledger?breaker=writer")).body;
    expect(
      items.map((row: Record<string, string>) => [row["kind"], row["from"], row["to"], row["actor"]]),
    ).toEqual([
      ["transition", "forced_open", "closed", "ben@example.com"],
      ["operator", "forced_open", null, "ben@example.com"],
      ["transition", "closed", "forced_open", "ann"],
    ]);
  });

  it("stay as they are where who resets them cannot be written down", async () => {
    const ledger = {
      read: async () => [],
      append: () => Promise.reject(new StoreUnusableError("ledger.db", "is full")),
    };
    const { post, breakers } = served({ ledger });
    breakers.get("writer").forceOpen();
    expect((await post("circuit-breakers/writer/reset")).status).toBe(503);
    expect(breakers.get("writer").state).toBe("forced_open");
  });

  it("are not made by asking for one", async () => {
    const { post, breakers } = await withStores();
    expect((await post("circuit-breakers/nobody/reset")).status).toBe(404);
    expect(breakers.has("nobody")).toBe(false);
  });

  it("that cannot be reached are answered with what to run", async () => {
    const { post } = over({
      breakers: {
        list: async () => [],
        reset: async () => {
          throw new NotReachableError("it lives in another process", "agent-otel breakers reset writer");
        },
      },
    });
    const { status, body } = await post("circuit-breakers/writer/reset");
    expect(status).toBe(409);
    expect(body).toMatchObject({
      detail: "it lives in another process",
      command: "agent-otel breakers reset writer",
    });
  });
});

describe("the ledger", () => {
  it("comes in pages that rows which are written meanwhile do not move", async () => {
    const { ask, ledger } = await withStores();
    for (const subject of ["a", "b", "c", "d", "e"]) await ledger.append({ kind: "failure", subject });
    const first = await ask("ledger?limit=2");
    await ledger.append({ kind: "failure", subject: "f" });
    const second = await ask(`ledger?limit=2&cursor=${first.body.next_cursor}`);
    const third = await ask(`ledger?limit=2&cursor=${second.body.next_cursor}`);
    const names = [first, second, third].flatMap(({ body }) =>
      body.items.map((row: { breaker: string }) => row.breaker),
    );
    expect(names).toEqual(["e", "d", "c", "b", "a"]);
    expect(third.body.next_cursor).toBeNull();
  });

  it.each(["0", "-1", "x", "1e3", "9".repeat(20)])("refuses the cursor %s", async (cursor) => {
    const { ask } = await withStores();
    expect(await ask(`ledger?cursor=${cursor}`)).toMatchObject({
      status: 400,
      body: { parameter: "cursor" },
    });
  });
});

describe("dead letters", () => {
  it("are listed with why they were given up, without what was in them", async () => {
    const { ask, give } = await withStores();
    await give("one");
    const { items } = (await ask("dead-letters?queue=mail&task_type=send")).body;
    expect(items).toMatchObject([
      { queue: "mail", task_type: "send", error: "TypeError: no such address", attempts: 2, resolved: false },
    ]);
    expect(JSON.stringify(items)).not.toContain('"to"');
    expect((await ask("dead-letters?queue=other")).body.items).toEqual([]);
    expect((await ask("dead-letters?resolved=true")).body.items).toEqual([]);
  });

  it("come in pages, each once, also where some are resolved between two pages", async () => {
    const { ask, give, queue } = await withStores();
    for (let i = 0; i < 5; i++) await give(`letter ${i}`);
    const all = (await ask("dead-letters")).body.items.map(({ id }: { id: string }) => id);
    const first = (await ask("dead-letters?limit=2")).body;
    await queue.resolve(all[0], "seen");
    const second = (await ask(`dead-letters?limit=2&cursor=${first.next_cursor}`)).body;
    const third = (await ask(`dead-letters?limit=2&cursor=${second.next_cursor}`)).body;
    const ids = [first, second, third].flatMap(({ items }) => items.map(({ id }: { id: string }) => id));
    expect(ids).toEqual(all);
    expect(third.next_cursor).toBeNull();
  });

  it("are replayed by the handler, which may fail again", async () => {
    const { post, give } = await withStores((payload) => {
      if ((payload as { to: string }).to === "bad") throw new Error("still no such address");
    });
    const good = await give("good");
    const bad = await give("bad");
    expect((await post(`dead-letters/mail/${good.id}/replay`)).body).toEqual({
      id: good.id,
      outcome: "succeeded",
      error: null,
    });
    expect((await post(`dead-letters/mail/${bad.id}/replay`)).body).toEqual({
      id: bad.id,
      outcome: "failed",
      error: "still no such address",
    });
    expect(await post(`dead-letters/mail/${good.id}/replay`)).toMatchObject({
      status: 409,
      body: { type: "urn:agent-otel:problem:conflict" },
    });
  });

  it("are asked for where nobody here has the handler", async () => {
    const { ask, post, give } = await withStores();
    const { id } = await give("one");
    expect((await post(`dead-letters/mail/${id}/replay`)).body.outcome).toBe("requested");
    expect((await ask("dead-letters")).body.items[0].replay_requested).toBe(true);
  });

  it("are resolved once, with what was done about them", async () => {
    const { ask, post, give } = await withStores();
    const { id } = await give("one");
    expect((await post(`dead-letters/mail/${id}/resolve`, { resolution: "called" })).body).toEqual({
      id,
      resolved: true,
    });
    expect((await post(`dead-letters/mail/${id}/resolve`, { resolution: "again" })).body.resolved).toBe(
      false,
    );
    expect((await ask("dead-letters?resolved=true")).body.items).toMatchObject([{ resolution: "called" }]);
  });

  it.each(["replay", "resolve"])("that are not there cannot be had for a %s", async (verb) => {
    const { post } = await withStores();
    const body = verb === "resolve" ? { resolution: "x" } : {};
    expect((await post(`dead-letters/mail/nothing/${verb}`, body)).status).toBe(404);
    expect((await post(`dead-letters/no-queue/nothing/${verb}`, body)).status).toBe(404);
  });
});

describe("bodies", () => {
  it.each([
    ["is no JSON", "{nope", 400, "the body must be JSON"],
    ["is a list", "[]", 400, "must be a JSON object"],
    ["has a field that nobody knows", '{"actr":"ann"}', 400, 'no field "actr"; known are actor'],
    ["has a field of another kind", '{"actor":7}', 400, "actor must be a text of 1 to 128 characters"],
    ["reaches for the prototype", '{"__proto__":{"actor":"ann"}}', 400, "__proto__"],
    ["is too deep", `{"actor":${"[".repeat(100)}${"]".repeat(100)}}`, 400, "levels deep"],
    ["is too large", `{"actor":"${"x".repeat(70_000)}"}`, 413, "65536 bytes"],
  ])("are refused where one %s", async (_, text, status, detail) => {
    const { post, breakers } = served();
    breakers.get("writer");
    const answer = await post("circuit-breakers/writer/reset", text);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toContain(detail);
  });

  it.each([undefined, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"])(
    "are refused as %s",
    async (type) => {
      const { ask, post, breakers } = served();
      breakers.get("writer").forceOpen();
      const path = "circuit-breakers/writer/reset";
      const answer =
        type === undefined
          ? await ask(path, {
              method: "POST",
              headers: { authorization: "Bearer operator-token-0123456789" },
            })
          : await post(path, "{}", { "content-type": type });
      expect(answer.status).toBe(415);
      expect(breakers.get("writer").state).toBe("forced_open");
    },
  );
});

describe("sources", () => {
  it("tell of budgets what their metrics tell", async () => {
    const { ask, metrics, clock } = served();
    const guard = costGuard({ name: "desk", hourlyUsd: 2, dailyUsd: 4, metrics, clock });
    await (await guard.reserve(0.5)).settle(0.5);
    const { items } = (await ask("budgets")).body;
    expect(items.find(({ window }: { window: string }) => window === "hour")).toEqual({
      name: "desk",
      window: "hour",
      limit_usd: 2,
      used_usd: 0.5,
      share: 0.25,
      rejections: 0,
    });
    expect(guard.name).toBe("desk");
  });

  it("tell of memories that are alive", async () => {
    const memory = windowMemory({ name: "chat of the desk", maxTokens: 100 });
    const { items } = (await served().ask("memory/stats")).body;
    const row = items.find(({ name }: { name: string }) => name === "chat of the desk");
    expect(row).toMatchObject({ kind: "window", values: { tokens: 0, max_tokens: 100 } });
    expect(memory).toBeDefined();
  });

  it("that fail are answered with 503 and when to come back, without a word of why", async () => {
    const failing = async () => {
      throw new StoreUnusableError("/home/ann/secret.db", "is no database");
    };
    const { ask } = over({ budgets: { list: failing } });
    const { status, headers, body } = await ask("budgets");
    expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
    expect(JSON.stringify(body)).not.toMatch(/secret|home|database/);
  });

  it.each([new TypeError("boom at file.ts:3"), "a text", undefined, null])(
    "that throw %s are answered with 503",
    async (thrown) => {
      const { ask } = over({ rollups: { rows: () => Promise.reject(thrown) } });
      const { status, body } = await ask("statistics");
      expect(status).toBe(503);
      expect(body.detail).not.toContain("boom");
    },
  );

  it.each(["traces", "failures", "ledger", "dead-letters", `traces/${"a".repeat(32)}`])(
    "that are not there say how to get them: %s",
    async (path) => {
      const { status, body } = await served().ask(path);
      expect([status, body.type]).toEqual([404, "urn:agent-otel:problem:not_available"]);
      expect(body.detail).toMatch(/agent-otel dev|inProcessSources/);
    },
  );
});
