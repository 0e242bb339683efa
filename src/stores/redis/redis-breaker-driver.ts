import type {
  Beat,
  BreakerDriver,
  Instance,
  OperatorRecord,
  StoredBreaker,
} from "../breakers/breaker-driver.ts";
import type { OperatorState } from "../breakers/breaker-store.ts";
import type { RedisClient } from "./load-redis.ts";
import { BEAT, LEAVE, OPERATE, READ, RESTORE } from "./redis-breaker-scripts.ts";
import type { RedisConnection } from "./redis-connection.ts";

const CHANNEL = "agent-otel:breaker";

/** What an operator did, for good. In braces: all keys of a name are on one server of a cluster. */
const operatorKey = (name: string): string => `agent-otel:breaker:{${name}}`;
/** Who lives, and who is open, by the time that it ends. Both go when nobody beats any more. */
const instancesKey = (name: string): string => `agent-otel:breaker:{${name}}:instances`;
const openKey = (name: string): string => `agent-otel:breaker:{${name}}:open`;

/** Breaker state in Redis: a hash for what operators did, two sorted sets for who lives, and one channel that says what has changed. */
export function redisBreakerDriver(redis: RedisConnection): BreakerDriver {
  return {
    name: redis.shown,
    async operate(name, { state, ageMs, by, seen }) {
      const answer = await redis.use((client) =>
        run(client, OPERATE, [operatorKey(name)], [state, whole(ageMs()), by, CHANNEL, name, whole(seen)]),
      );
      return record(answer);
    },
    async restore(name, { state, version, by }) {
      const args = [state, whole(version), by, CHANNEL, name];
      await redis.use((client) => run(client, RESTORE, [operatorKey(name)], args));
    },
    async beat(beats, ttlMs) {
      await redis.use((client) => Promise.all(beats.map((one) => beat(client, one, ttlMs))));
    },
    async leave(instances) {
      await redis.use((client) =>
        Promise.all(
          instances.map(({ name, instance }) =>
            run(client, LEAVE, [instancesKey(name), openKey(name)], [instance]),
          ),
        ),
      );
    },
    async read(names) {
      const found = await redis.use((client) => Promise.all(names.map((name) => read(client, name))));
      return new Map(names.map((name, i) => [name, found[i]!]));
    },
    async listen({ changed, missed }) {
      redis.hear({ channel: CHANNEL, listener: changed, missed });
    },
    async close() {
      redis.close();
    },
  };
}

function beat(
  client: RedisClient,
  { name, instance, openMs, changed }: Beat,
  ttlMs: number,
): Promise<unknown> {
  const args = [instance, whole(ttlMs), whole(openMs), CHANNEL, name, changed ? "1" : "0"];
  return run(client, BEAT, [instancesKey(name), openKey(name)], args);
}

async function read(client: RedisClient, name: string): Promise<StoredBreaker> {
  const keys = [operatorKey(name), instancesKey(name), openKey(name)];
  const [operator, living] = (await run(client, READ, keys, [])) as [string[], string[]];
  const instances: Instance[] = [];
  for (let i = 0; i < living.length; i += 2)
    instances.push({ instance: living[i]!, openMs: Number(living[i + 1]) });
  return { operator: operator.length === 0 ? undefined : record(operator), instances };
}

function record(answer: unknown): OperatorRecord {
  const [state, version, ageMs, by] = answer as [OperatorState, string, string, string];
  return { state, version: Number(version), ageMs: Math.max(0, Number(ageMs)), by };
}

function run(client: RedisClient, script: string, keys: string[], args: string[]): Promise<unknown> {
  return client.eval(script, { keys, arguments: args });
}

function whole(ms: number): string {
  return String(Math.round(ms));
}
