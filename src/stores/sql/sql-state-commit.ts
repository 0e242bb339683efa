import { keyHash } from "../../internal/check-key.ts";
import { unlikeKeys } from "../state/key-order.ts";
import {
  KEPT_VERSIONS,
  type StateAnswer,
  type StateChange,
  type StateCommit,
  type StateEntry,
} from "../state/state-store.ts";
import type { RunSql, Statement } from "./sql-database.ts";
import { entryOf, inParts } from "./state-rows.ts";
import type { NewStateEntry, StateStatements } from "./state-statements.ts";

interface Known {
  readonly version: number;
  readonly isThere: boolean;
}

const UNKNOWN: Known = { version: 0, isThere: false };

type Changed = StateChange & { readonly keyHash: string; readonly was: Known };

/** A commit, within a transaction in which nobody else changes the space. What it answers has changed nothing unless it is "committed". */
export async function commitState(
  all: StateStatements,
  run: RunSql,
  commit: StateCommit,
): Promise<StateAnswer> {
  const lost = await lostFence(all, run, commit);
  if (lost !== undefined) return { kind: "fenced", key: lost };
  const known = await versionsOf(all, run, commit);
  const others = await conflicts(all, run, commit, known);
  if (others.length > 0) return { kind: "conflict", current: others };
  const changes = commit.changes.map((change) => {
    const hash = keyHash(change.key);
    return { ...change, keyHash: hash, was: known.get(hash) ?? UNKNOWN };
  });
  const keys = await tooManyKeys(all, run, commit, changes);
  if (keys !== undefined) return { kind: "full", keys };
  return write(all, run, commit, changes);
}

async function lostFence(
  all: StateStatements,
  run: RunSql,
  { space, fences }: StateCommit,
): Promise<string | undefined> {
  const hashes = fences.map(({ key }) => keyHash(key));
  const rows = await inParts(hashes, (part) => run(all.locks(space, part)));
  const current = new Map(rows.map((row) => [String(row["key_hash"]), Number(row["fence"])]));
  return fences.find(({ fence }, i) => current.get(hashes[i]!) !== fence)?.key;
}

async function versionsOf(
  all: StateStatements,
  run: RunSql,
  { space, changes, checks }: StateCommit,
): Promise<ReadonlyMap<string, Known>> {
  const hashes = [...changes, ...checks].map(({ key }) => keyHash(key));
  const rows = await inParts(hashes, (part) => run(all.versions(space, part)));
  return new Map(
    rows.map((row) => [
      String(row["key_hash"]),
      { version: Number(row["version"]), isThere: Number(row["kept"]) === 1 },
    ]),
  );
}

async function conflicts(
  all: StateStatements,
  run: RunSql,
  { space, changes, checks, listed, atMs }: StateCommit,
  known: ReadonlyMap<string, Known>,
): Promise<readonly StateEntry[]> {
  const isOther = (key: string, version: number | undefined) =>
    version !== undefined && version !== (known.get(keyHash(key)) ?? UNKNOWN).version;
  const keys = [
    ...changes.filter(({ key, expected }) => isOther(key, expected)).map(({ key }) => key),
    ...checks.filter(({ key, version }) => isOther(key, version)).map(({ key }) => key),
  ];
  if (listed !== undefined) {
    const rows = await run(all.keys(space));
    keys.push(
      ...unlikeKeys(
        rows.map((row) => String(row["key"])),
        listed,
      ),
    );
  }
  const rows = await inParts(keys.map(keyHash), (part) => run(all.read(space, part)));
  const found = new Map(rows.map((row) => [String(row["key"]), entryOf(row)]));
  return keys.map((key) => found.get(key) ?? { key, version: 0, text: undefined, agent: "", atMs });
}

/** @returns How many keys there are, where there is no room for the new ones. */
async function tooManyKeys(
  all: StateStatements,
  run: RunSql,
  { space, maxKeys }: StateCommit,
  changes: readonly Changed[],
): Promise<number | undefined> {
  const added = changes.reduce(
    (sum, { text, was }) => sum + Number(text !== undefined) - Number(was.isThere),
    0,
  );
  if (added <= 0) return undefined;
  const count = async (statement: Statement) => Number((await run(statement))[0]?.["keys"]);
  if ((await count(all.countAll(space))) + added <= maxKeys) return undefined;
  const keys = await count(all.countPresent(space));
  return keys + added > maxKeys ? keys : undefined;
}

async function write(
  all: StateStatements,
  run: RunSql,
  { space, atMs }: StateCommit,
  changes: readonly Changed[],
): Promise<StateAnswer> {
  // To delete what is not there changes nothing.
  const real = changes.filter(({ text, was }) => text !== undefined || was.isThere);
  const entries: readonly NewStateEntry[] = real.map((change) => ({
    ...change,
    version: change.was.version + 1,
    atMs,
  }));
  await inParts(entries, (part) => run(all.put(space, part)));
  await inParts(entries, (part) => run(all.remember(space, part)));
  const oldest = entries
    .filter(({ version }) => version > KEPT_VERSIONS)
    .map((entry) => ({ keyHash: entry.keyHash, version: entry.version - KEPT_VERSIONS }));
  await inParts(oldest, (part) => run(all.forget(space, part)));
  const versions = changes.map(({ text, was }) => was.version + Number(text !== undefined || was.isThere));
  return { kind: "committed", versions };
}
