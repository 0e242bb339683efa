import type { StateEntry } from "../state/state-store.ts";
import { builderFor, type SqlDialect, tableNamed } from "./compiler.ts";
import type { Statement } from "./sql-database.ts";

/** A key as the tables have it. */
export interface StateKey {
  readonly space: string;
  readonly keyHash: string;
}

export type NewStateEntry = StateEntry & { readonly keyHash: string };

/** What a store of shared state asks, the same on every SQL store. */
export type StateStatements = ReturnType<typeof stateStatements>;

const COLUMNS = ["key_hash", "key", "version", "value", "agent", "at_ms"] as const;

export function stateStatements(dialect: SqlDialect) {
  const db = builderFor(dialect);
  const entries = tableNamed(dialect, "state_entries");
  const history = tableNamed(dialect, "state_history");
  const locks = tableNamed(dialect, "state_locks");
  const present = (space: string) =>
    db.selectFrom(entries).where("space", "=", space).where("value", "is not", null);
  const held = ({ space, keyHash }: StateKey, fence: number) =>
    db
      .updateTable(locks)
      .where("space", "=", space)
      .where("key_hash", "=", keyHash)
      .where("fence", "=", fence)
      .where("owner", "is not", null)
      .returning("fence");
  return {
    read: (space: string, hashes: readonly string[]): Statement =>
      db
        .selectFrom(entries)
        .select([...COLUMNS])
        .where("space", "=", space)
        .where("key_hash", "in", hashes)
        .compile(),

    /** `kept`: 1, or 0 where it is deleted. */
    versions: (space: string, hashes: readonly string[]): Statement =>
      db
        .selectFrom(entries)
        .select((eb) => [
          "key_hash",
          "version",
          eb.case().when("value", "is", null).then(0).else(1).end().as("kept"),
        ])
        .where("space", "=", space)
        .where("key_hash", "in", hashes)
        .compile(),

    snapshot: (space: string): Statement =>
      present(space)
        .select([...COLUMNS])
        .compile(),

    keys: (space: string): Statement => present(space).select("key").compile(),

    /** With those that are deleted: answered by the index alone. */
    countAll: (space: string): Statement =>
      db
        .selectFrom(entries)
        .select(({ fn }) => fn.countAll().as("keys"))
        .where("space", "=", space)
        .compile(),

    countPresent: (space: string): Statement =>
      present(space)
        .select(({ fn }) => fn.countAll().as("keys"))
        .compile(),

    put: (space: string, changed: readonly NewStateEntry[]): Statement =>
      db
        .insertInto(entries)
        .values(changed.map((entry) => ({ ...versionRow(space, entry), key: entry.key })))
        .onConflict((conflict) =>
          conflict.columns(["space", "key_hash"]).doUpdateSet((eb) => ({
            version: eb.ref("excluded.version"),
            value: eb.ref("excluded.value"),
            agent: eb.ref("excluded.agent"),
            at_ms: eb.ref("excluded.at_ms"),
          })),
        )
        .compile(),

    remember: (space: string, changed: readonly NewStateEntry[]): Statement =>
      db
        .insertInto(history)
        .values(changed.map((entry) => versionRow(space, entry)))
        .compile(),

    /** @param oldest Of each key the last version that is not kept. */
    forget: (space: string, oldest: readonly { keyHash: string; version: number }[]): Statement =>
      db
        .deleteFrom(history)
        .where("space", "=", space)
        .where((eb) =>
          eb.or(
            oldest.map(({ keyHash, version }) =>
              eb.and([eb("key_hash", "=", keyHash), eb("version", "<=", version)]),
            ),
          ),
        )
        .compile(),

    history: ({ space, keyHash }: StateKey): Statement =>
      db
        .selectFrom(history)
        .select(["version", "value", "agent", "at_ms"])
        .where("space", "=", space)
        .where("key_hash", "=", keyHash)
        .orderBy("version", "desc")
        .compile(),

    locks: (space: string, hashes: readonly string[]): Statement =>
      db
        .selectFrom(locks)
        .select(["key_hash", "owner", "fence", "expires_ms"])
        .where("space", "=", space)
        .where("key_hash", "in", hashes)
        .compile(),

    take: ({ space, keyHash }: StateKey, owner: string, fence: number, expiresMs: number): Statement =>
      db
        .insertInto(locks)
        .values({ space, key_hash: keyHash, owner, fence, expires_ms: expiresMs })
        .onConflict((conflict) =>
          conflict.columns(["space", "key_hash"]).doUpdateSet({ owner, fence, expires_ms: expiresMs }),
        )
        .compile(),

    extend: (key: StateKey, fence: number, expiresMs: number): Statement =>
      held(key, fence).set({ expires_ms: expiresMs }).compile(),

    release: (key: StateKey, fence: number): Statement =>
      held(key, fence).set({ owner: null, expires_ms: 0 }).compile(),
  };
}

function versionRow(space: string, { keyHash, version, text, agent, atMs }: NewStateEntry) {
  return { space, key_hash: keyHash, version, value: text ?? null, agent, at_ms: atMs };
}
