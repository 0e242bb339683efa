// Asks one shared rate limit, all at once or for a while, when told to. Arguments: database (a file, or a URL of Redis), options as JSON,
// calls at once, milliseconds to go on for, kind: `limit`, or the naive one. Says "ready", waits for a line, and prints how many passed.
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { type RateLimitHome, type RateLimitOptions, rateLimit } from "../../../src/resilience/rate-limit.ts";
import { redisStore } from "../../../src/stores/redis/redis-store.ts";
import { SqliteFile } from "../../../src/stores/sqlite/sqlite-file.ts";
import { sqliteStore } from "../../../src/stores/sqlite/sqlite-store.ts";
import { checkThenCount } from "../../naive/rate-limit-check-then-count.ts";

const [database = "", options = "{}", calls = "0", forMs = "0", kind = "limit"] = process.argv.slice(2);
const limiter = rateLimit({
  name: "shared",
  ...(JSON.parse(options) as Partial<RateLimitOptions>),
  store: homeOf(database, kind),
});
const asks = async (): Promise<number> => {
  const all = await Promise.all(
    Array.from({ length: Number(calls) }, () => limiter.tryAcquire({ key: "one" })),
  );
  return all.filter(({ allowed }) => allowed).length;
};

// Connected, and loaded, before all begin together.
await limiter.tryAcquire({ key: "another" });
process.stdout.write("ready\n");
await once(process.stdin, "data");
const startMs = performance.now();
let passed = await asks();
while (performance.now() - startMs < Number(forMs)) {
  await wait(1);
  passed += await asks();
}
process.stdout.write(`${passed}\n`);
process.exit();

function homeOf(at: string, which: string): RateLimitHome {
  if (which !== "limit") return { name: at, rateLimits: checkThenCount(new SqliteFile(at)) };
  return at.startsWith("redis:") ? redisStore(at) : sqliteStore(at);
}
