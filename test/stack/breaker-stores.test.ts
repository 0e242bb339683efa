import { afterAll, beforeAll, describe } from "vitest";
import { postgresBreakerDriver } from "../../src/stores/postgres/postgres-breaker-driver.ts";
import { PostgresDatabase } from "../../src/stores/postgres/postgres-database.ts";
import { redisBreakerDriver } from "../../src/stores/redis/redis-breaker-driver.ts";
import { RedisConnection } from "../../src/stores/redis/redis-connection.ts";
import { redisUrl } from "../../src/stores/redis/redis-url.ts";
import { breakerStoreSuite } from "../stores/breaker-store-suite.ts";
import { type Stack, stackUp } from "./support/stack.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await stackUp(23_600, ["redis", "postgres"]);
});

afterAll(() => stack?.down());

describe("breaker state in Redis", () => {
  breakerStoreSuite(async () =>
    redisBreakerDriver(new RedisConnection(redisUrl(stack.endpoint("redis", "redis")))),
  );
});

describe("breaker state in PostgreSQL", () => {
  breakerStoreSuite(async () =>
    postgresBreakerDriver(new PostgresDatabase(stack.endpoint("postgres", "postgres"))),
  );
});
