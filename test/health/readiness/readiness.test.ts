import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import { Hono } from "hono";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { readyHandler } from "../../../src/health/readiness/handlers.ts";
import type { ReadinessOptions } from "../../../src/health/readiness/readiness-options.ts";
import {
  fileStore,
  healthHandler,
  nodeHandler,
  postgresStore,
  readiness,
  redisStore,
  sqliteStore,
} from "../../../src/index.ts";
import { temporaryFolder } from "../../work/letters/letter-fixture.ts";
import { ManualTime, settled } from "../../work/manual-time.ts";

const own = (check: (signal: AbortSignal) => unknown, more = {}) => ({
  checks: [{ name: "own", check, ...more }],
});

describe("readiness", () => {
  let server: Server;
  let base: string;
  let asked: string[] = [];
  let status = 200;
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers["traceparent"] ?? "-"}`);
      response.writeHead(status, { "content-type": "application/json", location: "/elsewhere" });
      response.end('{"object":"list","data":[],"has_more":false}');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    asked = [];
    status = 200;
  });
  const states = async (options: ReadinessOptions) => {
    const { status, checks } = await readiness(options).check();
    return [status, ...checks.map(({ name, state, error }) => `${name} ${state}${error ? ` ${error}` : ""}`)];
  };

  it("asks providers for their list of models through the program's own clients, and URLs, and calls", async () => {
    const options: ReadinessOptions = {
      providers: [
        { name: "openai", client: new OpenAI({ apiKey: "k", baseURL: base }) },
        { name: "anthropic", client: new Anthropic({ apiKey: "k", baseURL: base }) },
        { name: "ollama", url: `${base}/api/tags` },
        { name: "own", call: async () => "hello" },
      ],
    };
    expect(await states(options)).toEqual(["ok", "openai ok", "anthropic ok", "ollama ok", "own ok"]);
    expect(asked.sort()).toEqual(
      ["GET /api/tags -", "GET /models -", "GET /v1/models?limit=1000 -"].map((each) =>
        expect.stringContaining(each.slice(0, 11)),
      ),
    );
  });

  it("asks a provider that fails once, and tells the class of its error and no more", async () => {
    status = 401;
    const providers = [
      { name: "openai", client: new OpenAI({ apiKey: "k", baseURL: base }) },
      { name: "url", url: `${base}/?key=secret` },
    ];
    expect(await states({ providers })).toEqual([
      "failed",
      "openai failed AuthenticationError",
      "url failed unexpected_status",
    ]);
    expect(asked).toHaveLength(2);
    status = 500;
    asked = [];
    await readiness({ providers }).check();
    expect(asked).toHaveLength(2);
    status = 302;
    expect(await states({ providers: providers.slice(1) })).toEqual([
      "failed",
      "url failed unexpected_status",
    ]);
    status = 429;
    expect(await states({ providers: providers.slice(1) })).toEqual(["degraded", "url degraded"]);
  });

  it("sends the collector an empty request, and goes on without one", async () => {
    expect(await states({ collector: { url: `${base}/v1/traces` } })).toEqual(["ok", "collector ok"]);
    expect(asked).toEqual(["POST /v1/traces -"]);
    expect(await states({ collector: { url: "http://127.0.0.1:1/v1/traces" } })).toEqual([
      "degraded",
      "collector failed TypeError",
    ]);
    expect((await states({ collector: { url: "http://127.0.0.1:1/", required: true } }))[0]).toBe("failed");
  });

  it("reads from stores, and writes nothing", async () => {
    const folder = temporaryFolder();
    const sqlite = sqliteStore(`${folder}/a.db`);
    const [redis, postgres] = [
      redisStore("redis://127.0.0.1:1"),
      postgresStore("postgres://u:pw@127.0.0.1:1/d"),
    ];
    onTestFinished(async () => {
      await Promise.all([sqlite, redis, postgres].map((store) => store.close()));
    });
    const stores = [sqlite, fileStore(`${folder}/files`), { store: redis, name: "redis", required: false }];
    const first = await readiness({ stores, timeoutMs: 4_000 }).check();
    expect(first.status).toBe("degraded");
    expect(first.checks).toMatchObject([
      { name: "store", state: "ok" },
      { name: "store-2", state: "ok" },
      { name: "redis", state: "failed", required: false },
    ]);
    const second = await readiness({ stores: [postgres], timeoutMs: 4_000 }).check();
    expect(second).toMatchObject({ status: "failed", checks: [{ name: "store", state: "failed" }] });
    expect(JSON.stringify([first, second])).not.toMatch(/127\.0\.0\.1|pw|a\.db/);
  });

  it("takes no longer than the time limit of one check, all at once, also where one hears no signal", async () => {
    const hangs = () => new Promise(() => {});
    const checks = ["a", "b", "c"].map((name) => ({ name, check: hangs }));
    const from = performance.now();
    expect(await states({ checks, timeoutMs: 100 })).toEqual([
      "failed",
      "a failed timeout",
      "b failed timeout",
      "c failed timeout",
    ]);
    expect(performance.now() - from).toBeLessThan(1_000);
  });

  it("begins no check a second time that still hangs, and takes it back when it ends", async () => {
    let runs = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const hangs = () => {
      runs += 1;
      return promise;
    };
    const ready = readiness({ ...own(hangs), timeoutMs: 20, cacheMs: 0 });
    for (let i = 0; i < 3; i++) expect((await ready.check()).status).toBe("failed");
    expect(runs).toBe(1);
    resolve();
    await settled();
    expect((await ready.check()).status).toBe("ok");
    expect(runs).toBe(2);
  });

  it("gives an answer again for ten seconds, and one to all who ask meanwhile", async () => {
    const { clock, after } = new ManualTime();
    let runs = 0;
    const ready = readiness({ ...own(async () => void runs++), clock, after });
    const reports = await Promise.all(Array.from({ length: 50 }, () => ready.check()));
    expect(new Set(reports).size).toBe(1);
    clock.setWallClock(Date.UTC(2030, 0, 1));
    clock.advance(9_999);
    await ready.check();
    expect(runs).toBe(1);
    clock.advance(1);
    await ready.check();
    expect(runs).toBe(2);
  });

  it("is degraded where a check says so, is slow, or is not required", async () => {
    const { clock, after } = new ManualTime();
    const slow = async () => clock.advance(1_001);
    expect(await states(own(() => "degraded"))).toEqual(["degraded", "own degraded"]);
    expect(await states({ ...own(slow), clock, after })).toEqual(["degraded", "own degraded"]);
    const fails = () => {
      throw new RangeError("secret");
    };
    expect(await states(own(fails, { required: false }))).toEqual(["degraded", "own failed RangeError"]);
    expect(await states(own(fails))).toEqual(["failed", "own failed RangeError"]);
    expect(await states({})).toEqual(["ok"]);
  });

  it.each([
    [{ timeoutMs: 1 }, "readiness: timeoutMs must be a whole number from 10 to 60000, got 1"],
    [{ slowMs: 3_000 }, "readiness: slowMs must be a whole number from 1 to 2000, got 3000"],
    [
      { providers: [{ name: "x", client: {} as never }] },
      'provider "x" must have a client with models.list()',
    ],
    [
      { providers: [{ name: "x", url: "ftp://T0KEN" }] },
      'url of provider "x" must be an http:// or https:// URL',
    ],
    [{ stores: [{ name: "x" }] }, 'store "store" must be one of'],
    [
      {
        checks: [
          { name: "a", check: () => 1 },
          { name: "a", check: () => 1 },
        ],
      },
      'names of checks must differ, got "a" twice',
    ],
  ])("refuses what cannot be looked at: %j", (options, message) => {
    expect(() => readiness(options as ReadinessOptions)).toThrow(message);
    expect(() => readiness(options as ReadinessOptions)).not.toThrow("T0KEN");
  });
});

describe("probes", () => {
  const get = (handler: (request: Request) => Promise<Response>, method = "GET") =>
    handler(new Request("http://app/ready", { method }));
  const failing = readiness(own(() => Promise.reject(new Error("secret"))));

  it("of health answer whatever others do", async () => {
    const answer = await get(healthHandler());
    expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("of readiness answer 200 or 503, with each check and nothing of its error but the class", async () => {
    const ready = await get(readyHandler(readiness(own(() => "degraded"))));
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        status: "degraded",
        checked_at: expect.stringMatching(/Z$/),
        checks: [{ name: "own", state: "degraded", required: true, duration_ms: expect.any(Number) }],
      },
    ]);
    const not = await get(readyHandler(failing));
    expect(not.status).toBe(503);
    expect(not.headers.get("cache-control")).toBe("no-store");
    expect(await not.text()).toMatch(/"error":"Error"\}\]\}$/);
  });

  it("answer HEAD without a body, and nothing else", async () => {
    const head = await get(readyHandler(failing), "HEAD");
    expect([head.status, await head.text()]).toEqual([503, ""]);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
      for (const handler of [healthHandler(), readyHandler(failing)]) {
        const answer = await get(handler, method);
        expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
      }
  });

  it("can be mounted in Hono and in plain Node", async () => {
    const app = new Hono();
    app.all("/ready", ({ req }) => readyHandler(failing)(req.raw));
    expect((await app.request("/ready")).status).toBe(503);

    const server = createServer(nodeHandler(readyHandler(failing)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/anything`;
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([503, "application/json"]);
    expect(await answer.json()).toMatchObject({ checks: [{ name: "own" }] });
    expect((await fetch(url, { method: "HEAD" })).status).toBe(503);
    expect((await fetch(url, { method: "POST", body: "x".repeat(100_000) })).status).toBe(405);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("in plain Node answer 500 where a handler fails, and tell nothing of it", async () => {
    const server = createServer(nodeHandler(() => Promise.reject(new Error("secret"))));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect([answer.status, await answer.text()]).toEqual([500, ""]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
