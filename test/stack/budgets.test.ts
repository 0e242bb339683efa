import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { redisBudgets } from "../../src/stores/redis/redis-budgets.ts";
import { RedisConnection } from "../../src/stores/redis/redis-connection.ts";
import { redisUrl } from "../../src/stores/redis/redis-url.ts";
import { grantedTo, startSpender } from "../faults/support/budget-spenders.ts";
import { budgetStoreSuite } from "../stores/budget-store-suite.ts";
import { eventually } from "./support/eventually.ts";
import { type Stack, stackUp } from "./support/stack.ts";

let stack: Stack;
let url: string;
const connections: RedisConnection[] = [];

beforeAll(async () => {
  stack = await stackUp(23_750, ["redis"]);
  url = stack.endpoint("redis", "redis");
});

afterAll(async () => {
  for (const connection of connections) connection.close();
  await stack?.down();
});

function open() {
  const connection = new RedisConnection(redisUrl(url));
  connections.push(connection);
  return redisBudgets(connection);
}

describe("budgets in Redis", () => {
  budgetStoreSuite(async () => open());

  it("are spent to the last dollar by four processes, and not beyond", async () => {
    const spenders = Array.from({ length: 4 }, () => startSpender(url, 10_000));
    expect(await grantedTo(spenders)).toBe(10_000);
  });

  it("count a reservation that nobody ends as spent, and put that right when its end comes late", async () => {
    const store = open();
    const window = { key: randomUUID(), limit: 100, endMs: Date.now() + 86_400_000 };
    const id = randomUUID();
    await store.reserve({ id, amount: 60, windows: [window], ttlMs: 50 });
    await eventually("the reservation counts as spent", async () => {
      const [use] = await store.use([window.key]);
      return use?.spent === 60 && use.reserved === 0 ? true : undefined;
    });
    expect(await store.settle(id, 5)).toEqual([{ spent: 5, reserved: 0 }]);
  });
});
