import { holdProcess } from "../../internal/hold-process.ts";
import type { BudgetRequest, BudgetStore, WindowUse } from "../budgets/budget-store.ts";
import { RESERVE, SETTLE, USE } from "./redis-budget-scripts.ts";
import type { RedisConnection } from "./redis-connection.ts";

/** All in one hash slot: a reservation and its windows change in one step, also in a cluster. */
const PREFIX = "agent-otel:{budget}:";
const RESERVED = `${PREFIX}reserved`;
/** Kept for so long after a window's end, so that a clock that is set back finds what was spent. */
const KEPT_MS = 48 * 3_600_000;

/** Budgets in Redis, by the server's clock. A reservation whose process died counts as spent when its time is over. */
export function redisBudgets(redis: Pick<RedisConnection, "use">): BudgetStore {
  const run = (
    script: string,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> =>
    holdProcess(
      redis.use((client) => client.eval(script, { keys: [RESERVED, ...keys], arguments: args.map(String) })),
    );
  return {
    async reserve(request: BudgetRequest) {
      const { id, amount, windows, ttlMs } = request;
      const limits = windows.flatMap(({ limit, endMs }) => [limit, endMs + KEPT_MS]);
      const answer = await run(RESERVE, windows.map(windowKey), [id, amount, ttlMs, PREFIX, ...limits]);
      const [full, ...numbers] = (answer as (string | number)[]).map(Number);
      if (full === 0) return { kind: "reserved", use: pairs(numbers) };
      return { kind: "full", window: full! - 1, use: pairs(numbers)[0]! };
    },
    async settle(id, actual) {
      const answer = (await run(SETTLE, [], [id, actual, PREFIX])) as (string | number)[];
      return answer.length === 0 ? undefined : pairs(answer.map(Number));
    },
    async use(keys) {
      const answer = await run(
        USE,
        keys.map((key) => windowKey({ key })),
        [PREFIX],
      );
      return pairs((answer as (string | number)[]).map(Number));
    },
  };
}

function windowKey({ key }: { readonly key: string }): string {
  return `${PREFIX}window:${key}`;
}

/** Spent and reserved, in turn. */
function pairs(numbers: readonly number[]): readonly WindowUse[] {
  const use: WindowUse[] = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) use.push({ spent: numbers[i]!, reserved: numbers[i + 1]! });
  return use;
}
