import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { isAgentError } from "../../../../errors/agent-error.ts";
import { readText } from "../../../../pipeline/environment/variables.ts";
import { TELEMETRY_APPLICATION_ID, TELEMETRY_MIGRATIONS } from "../../../../server/telemetry-store/schema.ts";
import { databasePath } from "../../../../stores/sqlite/database-path.ts";
import { loadSqlite } from "../../../../stores/sqlite/load-sqlite.ts";
import { checkSchema } from "../../../../stores/sqlite/migrate.ts";
import { APPLICATION_ID, MIGRATIONS, type Migration } from "../../../../stores/sqlite/migrations.ts";
import { checkDatabaseFile } from "../../../../stores/sqlite/private-file.ts";
import { finding, fine, found, skipped } from "../finding.ts";
import type { Check } from "./check.ts";

/** Of `agent-otel dev`. */
const TELEMETRY = ".agent-otel/telemetry.db";
const OTHER_STORE = /^[a-z][a-z0-9+.-]+:\/\//i;
const FIX = "update agent-otel, or name another file with AGENT_OTEL_DB";

/** The databases of the embedded stores, and of `agent-otel dev`. Nothing is written, and no migration is made. */
export const store: Check = {
  name: "store",
  run: ({ env, folder }) => {
    const named = readText(env, "AGENT_OTEL_DB");
    const isServer = named !== undefined && OTHER_STORE.test(named);
    try {
      const shared = isServer ? undefined : existing(pathOf(named, folder));
      const telemetry = existing(resolve(folder, TELEMETRY));
      if (shared !== undefined) look(shared, MIGRATIONS, APPLICATION_ID);
      if (telemetry !== undefined) look(telemetry, TELEMETRY_MIGRATIONS, TELEMETRY_APPLICATION_ID);
      const looked = [shared, telemetry].filter((path) => path !== undefined);
      if (looked.length > 0) return fine(looked.join(", "));
      return skipped(
        isServer ? "a database server is not asked" : `no database yet (${pathOf(named, folder)})`,
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (isAgentError(error) || error instanceof TypeError || (error instanceof Error && "code" in error))
        return found([finding("store_unusable", message, FIX)], "");
      throw error;
    }
  },
};

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

function pathOf(named: string | undefined, folder: string): string {
  // Its default is relative to where this runs, and the program may run elsewhere.
  return named === undefined
    ? resolve(folder, ".agent-otel/agent-otel.db")
    : resolve(folder, databasePath(named, {}));
}

function look(path: string, migrations: readonly Migration[], applicationId: number): void {
  checkDatabaseFile(path);
  const { DatabaseSync } = loadSqlite(path);
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    checkSchema(db, path, migrations, applicationId);
  } finally {
    db.close();
  }
}
