import type { Amounts, RateKey, RateLimitStore, RateVerdict } from "../rate-limits/rate-limit-store.ts";
import { LONGEST_PAUSE_MS, type RateRule, storedName, WINDOW_SLOTS } from "../rate-limits/rate-rule.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { RATE_LIMIT } from "./redis-rate-limit-script.ts";

type What = "take" | "add" | "pause" | "lower";
/** Whether it passed, what remains, milliseconds to wait, and why: 0, the number of a rule, -1 for a pause. */
type Answer = readonly [allowed: number, remaining: number, waitMs: number, why: number];

const PAUSED = -1;
/** A kind of amount that is to stay as it is. */
const UNKNOWN = -1;
const NOTHING: Amounts = { calls: 0, tokens: 0 };

/** Rate limits in Redis: one value for each key, which goes when it tells nothing any more, and one script that does it all. */
export function redisRateLimits(redis: Pick<RedisConnection, "use">): RateLimitStore {
  const run = (what: What, key: RateKey, { calls, tokens }: Amounts, ms = 0): Promise<unknown> => {
    const numbers = [calls, tokens, ms, LONGEST_PAUSE_MS, WINDOW_SLOTS].map(String);
    const options = { keys: [redisKey(key)], arguments: [what, ...numbers, ...key.rules.flatMap(asText)] };
    return redis.use((client) => client.eval(RATE_LIMIT, options));
  };
  return {
    take: async (key, amounts, lateMs) =>
      verdictOf((await run("take", key, amounts, lateMs)) as Answer, key.rules),
    async add(key, amounts) {
      await run("add", key, amounts);
    },
    async pause(key, ms) {
      await run("pause", key, NOTHING, ms);
    },
    async lower(key, { calls = UNKNOWN, tokens = UNKNOWN }) {
      await run("lower", key, { calls, tokens });
    },
  };
}

function redisKey({ limiter, key, rules }: RateKey): string {
  return `agent-otel:rate-limit:${storedName(limiter, key, rules)}`;
}

function asText(rule: RateRule): readonly string[] {
  const pace = rule.kind === "bucket" ? rule.perMs : rule.slotMs;
  return [rule.kind, rule.of, String(rule.capacity), String(pace)];
}

function verdictOf([allowed, remaining, retryAfterMs, why]: Answer, rules: readonly RateRule[]): RateVerdict {
  if (allowed === 1) return { allowed: true, remaining, retryAfterMs, reason: undefined, limit: undefined };
  const reason = why === PAUSED ? "paused" : "rate";
  return { allowed: false, remaining, retryAfterMs, reason, limit: rules[why - 1]?.name };
}
