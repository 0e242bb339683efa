import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresStore, readiness, redisStore } from "../../src/index.ts";
import { type Stack, stackUp } from "./support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await stackUp(24_100, ["collector", "redis", "postgres"]);
});
afterAll(() => stack?.down());

it("tells of Redis, PostgreSQL and the collector, and which of them is gone", async () => {
  const redis = redisStore(stack.endpoint("redis", "redis"));
  const postgres = postgresStore(stack.endpoint("postgres", "postgres"));
  const ready = readiness({
    stores: [
      { store: redis, name: "redis" },
      { store: postgres, name: "postgres" },
    ],
    collector: { url: `${stack.endpoint("collector", "otlp-http")}/v1/traces` },
    timeoutMs: 5_000,
    cacheMs: 0,
  });
  const states = async () => {
    const { status, checks } = await ready.check();
    return [status, ...checks.map(({ name, state }) => `${name} ${state}`)];
  };
  expect(await states()).toEqual(["ok", "redis ok", "postgres ok", "collector ok"]);
  stack.kill("collector");
  expect(await states()).toEqual(["degraded", "redis ok", "postgres ok", "collector failed"]);
  stack.kill("redis");
  expect((await states()).slice(0, 3)).toEqual(["failed", "redis failed", "postgres ok"]);
  await Promise.all([redis.close(), postgres.close()]);
});
