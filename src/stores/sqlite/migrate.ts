import type { DatabaseSync } from "node:sqlite";
import { StoreTooNewError } from "../../errors/store-too-new-error.ts";
import { StoreUnusableError } from "../../errors/store-unusable-error.ts";
import { APPLICATION_ID, MIGRATIONS, type Migration } from "./migrations.ts";
import { immediate } from "./transaction.ts";

/**
 * Reads whose file it is and how new. Writes nothing.
 *
 * @returns Whether it lacks a migration.
 * @throws StoreUnusableError on another program's database, StoreTooNewError on a newer schema.
 */
export function checkSchema(
  db: DatabaseSync,
  path: string,
  migrations = MIGRATIONS,
  applicationId = APPLICATION_ID,
): boolean {
  const id = pragma(db, "application_id");
  const version = pragma(db, "user_version");
  const known = newest(migrations);
  if (id !== applicationId && (id !== 0 || version !== 0 || hasTables(db)))
    throw new StoreUnusableError(path, "is a database of another program; it was left as it is");
  if (version > known) throw new StoreTooNewError(path, version, known);
  return version < known;
}

/** Brings the schema up to date in one transaction. Safe with several processes: who comes second finds nothing to do. */
export function migrate(
  db: DatabaseSync,
  path: string,
  migrations = MIGRATIONS,
  applicationId = APPLICATION_ID,
): void {
  immediate(db, () => {
    // Another process may have been first while this one waited for the lock.
    if (!checkSchema(db, path, migrations, applicationId)) return;
    const version = pragma(db, "user_version");
    for (const step of migrations) if (step.version > version) db.exec(step.sql);
    // A PRAGMA takes no parameters. Both are numbers of this package.
    db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${newest(migrations)}`);
  });
}

function newest(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

function hasTables(db: DatabaseSync): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() !== undefined;
}

function pragma(db: DatabaseSync, name: "application_id" | "user_version"): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
