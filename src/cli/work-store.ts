import { statSync } from "node:fs";
import { resolve } from "node:path";
import { fileStore } from "../stores/file/file-store.ts";
import { postgresStore } from "../stores/postgres/postgres-store.ts";
import { sqliteStore } from "../stores/sqlite/sqlite-store.ts";
import type { Store } from "../stores/store.ts";
import { CliError, UsageError } from "./cli-error.ts";
import { openDatabaseOf } from "./database.ts";

/** Where the work is kept that a command looks at. */
export type WorkStore = Pick<Store, "name" | "checkpoints" | "deadLetters" | "close">;

/** What stands on the command line. */
export interface WorkPlace {
  readonly db: string | undefined;
  /** A folder of `fileStore`. */
  readonly files: string | undefined;
}

/**
 * Opens what `--files` or `--db` names, else AGENT_OTEL_DB, else the default file. Nothing is made where there is none.
 *
 * @param what Is looked for, as "workflow run".
 * @throws UsageError where it names nothing that can be opened, CliError where it is not there.
 */
export function openWorkStore({ db, files }: WorkPlace, what: string, env: NodeJS.ProcessEnv): WorkStore {
  if (files === undefined)
    return openDatabaseOf<WorkStore>(db, { what, onServer: postgresStore, inFile: sqliteStore }, env);
  if (db !== undefined) throw new UsageError("give either --db or --files, not both");
  if (files.trim() === "") throw new UsageError("--files must name a folder, got an empty one");
  const folder = resolve(files);
  if (!isFolder(folder)) throw new CliError(`there is no ${what} in ${folder}: no such folder`);
  return fileStore(folder);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
