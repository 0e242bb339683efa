import { SharedBreakers } from "../breakers/shared-breakers.ts";
import { sqlCheckpoints } from "../sql/sql-checkpoints.ts";
import { sqlLetters } from "../sql/sql-letters.ts";
import { sqlState } from "../sql/sql-state.ts";
import type { Store } from "../store.ts";
import { databasePath } from "./database-path.ts";
import { sqliteBreakerDriver } from "./sqlite-breaker-driver.ts";
import { sqliteBudgets } from "./sqlite-budgets.ts";
import { SqliteFile } from "./sqlite-file.ts";
import { sqliteRateLimits } from "./sqlite-rate-limits.ts";
import { sqliteSql } from "./sqlite-sql.ts";
import { sqliteUsage } from "./sqlite-usage.ts";

/**
 * State that the processes of one machine share through one SQLite file.
 *
 * @param path The file; wins over AGENT_OTEL_DB. Made on the first write. @default ".agent-otel/agent-otel.db"
 * @throws TypeError on what is no path. The file is looked at when it is first needed, in the background.
 */
export function sqliteStore(path?: string): Store {
  const file = new SqliteFile(databasePath(path));
  const breakers = new SharedBreakers(sqliteBreakerDriver(file));
  const limits = new SqliteFile(file.path);
  const budgets = new SqliteFile(file.path);
  const usage = new SqliteFile(file.path);
  const state = sqliteSql(new SqliteFile(file.path), "normal");
  const checkpoints = sqliteSql(new SqliteFile(file.path), "full");
  const letters = sqliteSql(new SqliteFile(file.path), "full");
  return {
    name: file.path,
    breakers,
    rateLimits: sqliteRateLimits(limits),
    budgets: sqliteBudgets(budgets),
    usage: sqliteUsage(usage),
    state: sqlState(state),
    checkpoints: sqlCheckpoints(checkpoints),
    deadLetters: sqlLetters(letters),
    async close() {
      limits.close();
      budgets.close();
      usage.close();
      await state.close();
      await checkpoints.close();
      await letters.close();
      await breakers.close();
    },
  };
}
