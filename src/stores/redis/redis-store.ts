import { SharedBreakers } from "../breakers/shared-breakers.ts";
import type { Store } from "../store.ts";
import { redisBreakerDriver } from "./redis-breaker-driver.ts";
import { redisBudgets } from "./redis-budgets.ts";
import { RedisConnection } from "./redis-connection.ts";
import { redisRateLimits } from "./redis-rate-limits.ts";
import { redisState } from "./redis-state.ts";
import { redisUrl } from "./redis-url.ts";

/**
 * State that processes share through one Redis server. Needs the package `redis`, version 5 or later. All keys begin with `agent-otel:`.
 *
 * @param url Such as `redis://user:password@host:6379/0`; `rediss://` for TLS.
 * @throws TypeError on another URL. The server is connected to when first needed, in the background.
 */
export function redisStore(url: string): Store {
  const address = redisUrl(url);
  const breakers = new SharedBreakers(redisBreakerDriver(new RedisConnection(address)));
  // Of their own: a connection is given up when anything on it fails, and calls wait for these.
  const limits = new RedisConnection(address);
  const budgets = new RedisConnection(address);
  const state = new RedisConnection(address);
  return {
    name: address.shown,
    breakers,
    rateLimits: redisRateLimits(limits),
    budgets: redisBudgets(budgets),
    state: redisState(state),
    async close() {
      limits.close();
      budgets.close();
      state.close();
      await breakers.close();
    },
  };
}
