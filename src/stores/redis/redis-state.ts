import { keyHash } from "../../internal/check-key.ts";
import { holdProcess } from "../../internal/hold-process.ts";
import { byKey } from "../state/key-order.ts";
import {
  KEPT_VERSIONS,
  MAX_LEASE_MS,
  type StateAnswer,
  type StateChange,
  type StateCommit,
  type StateEntry,
  type StateStore,
} from "../state/state-store.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { COMMIT, EXTEND, HISTORY, LOCK, READ, SNAPSHOT, UNLOCK } from "./redis-state-scripts.ts";

type Argument = string | number;

/** Shared state in Redis, by the server's clock. It is kept as safely as the server keeps anything: turn its append-only file on. */
export function redisState(redis: Pick<RedisConnection, "use">): StateStore {
  const run = async (
    script: string,
    space: string,
    args: readonly Argument[],
    more: readonly string[] = [],
  ): Promise<unknown> => {
    const keys = [...keysOf(space), ...more];
    return holdProcess(redis.use((client) => client.eval(script, { keys, arguments: args.map(String) })));
  };
  return {
    async read(space, keys) {
      if (keys.length === 0) return [];
      const stored = (await run(READ, space, keys)) as string[];
      return stored.map((text, i) => (text === "" ? undefined : entryOf(keys[i]!, text)));
    },
    async snapshot(space) {
      return pairs((await run(SNAPSHOT, space, [])) as string[]).sort(byKey);
    },
    async commit(commit) {
      const histories = commit.changes.map(({ key }) => historyKey(commit.space, key));
      const answer = (await run(COMMIT, commit.space, commitArguments(commit), histories)) as string[];
      return answerOf(answer, commit.atMs);
    },
    async history(space, key) {
      const stored = (await run(HISTORY, space, [], [historyKey(space, key)])) as string[];
      return stored.map((text) => entryOf(key, text));
    },
    async lock(space, key, owner, leaseMs) {
      const answer = (await run(LOCK, space, [key, owner, leaseMs, MAX_LEASE_MS])) as string[];
      const [fence, holder = "", forMs] = answer;
      if (fence === "0") return { kind: "held", owner: holder, forMs: Number(forMs) };
      return { kind: "locked", fence: Number(fence) };
    },
    extend: async (space, key, fence, leaseMs) => (await run(EXTEND, space, [key, fence, leaseMs])) === 1,
    unlock: async (space, key, fence) => (await run(UNLOCK, space, [key, fence])) === 1,
  };
}

/** All of a space in one hash slot: it changes in one step, also in a cluster. */
function prefixOf(space: string): string {
  return `agent-otel:{state:${encodeURIComponent(space)}}:`;
}

function keysOf(space: string): readonly string[] {
  const prefix = prefixOf(space);
  return [`${prefix}entries`, `${prefix}keys`, `${prefix}locks`];
}

function historyKey(space: string, key: string): string {
  return `${prefixOf(space)}history:${keyHash(key)}`;
}

function commitArguments(commit: StateCommit): readonly Argument[] {
  const { changes, checks, fences, listed, maxKeys, atMs } = commit;
  return [
    changes.length,
    checks.length,
    fences.length,
    listed?.length ?? -1,
    maxKeys,
    KEPT_VERSIONS,
    ...changes.flatMap((change) => [
      change.key,
      change.expected ?? "",
      change.text === undefined ? "d" : "w",
      storedText(change, atMs),
    ]),
    ...checks.flatMap(({ key, version }) => [key, version]),
    ...fences.flatMap(({ key, fence }) => [key, fence]),
    ...(listed ?? []),
  ];
}

/** The value as text in JSON, as it came: it is read again by the same rules on every store. */
function storedText({ agent, text }: StateChange, atMs: number): string {
  return JSON.stringify({ agent, atMs, text });
}

/** @param stored `12w{…}` */
function entryOf(key: string, stored: string): StateEntry {
  const at = stored.search(/[wd]/);
  const { agent, atMs, text } = JSON.parse(stored.slice(at + 1)) as Pick<
    StateEntry,
    "agent" | "atMs" | "text"
  >;
  return { key, version: Number(stored.slice(0, at)), text, agent, atMs };
}

/** Keys and what is stored of them, in turn. */
function pairs(answer: readonly string[], atMs = 0): StateEntry[] {
  const entries: StateEntry[] = [];
  for (let i = 0; i + 1 < answer.length; i += 2) {
    const [key, stored] = [answer[i]!, answer[i + 1]!];
    entries.push(
      stored === "" ? { key, version: 0, text: undefined, agent: "", atMs } : entryOf(key, stored),
    );
  }
  return entries;
}

function answerOf([word, ...rest]: readonly string[], atMs: number): StateAnswer {
  switch (word) {
    case "committed":
      return { kind: "committed", versions: rest.map(Number) };
    case "conflict":
      return { kind: "conflict", current: pairs(rest, atMs) };
    case "fenced":
      return { kind: "fenced", key: rest[0]! };
    default:
      return { kind: "full", keys: Number(rest[0]) };
  }
}
