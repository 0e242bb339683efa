import { openDatabase } from "../../stores/sqlite/open-database.ts";
import { immediate } from "../../stores/sqlite/transaction.ts";
import type { AgentsSources } from "../sources/sources.ts";
import { ChangeNotices } from "./change-notices.ts";
import { GroupCommit } from "./group-commit.ts";
import { Lease } from "./lease.ts";
import { Marks } from "./marks.ts";
import { type DatabaseSources, databaseSources } from "./read/database-sources.ts";
import { TELEMETRY_APPLICATION_ID, TELEMETRY_MIGRATIONS } from "./schema.ts";
import { Statements } from "./statements.ts";
import { storeSettings, type TelemetryStoreOptions } from "./store-options.ts";
import type { TelemetryBatch, TelemetrySink } from "./telemetry-batch.ts";
import { Upkeep } from "./upkeep.ts";
import { Ingest } from "./write/ingest.ts";

/** What `agent-otel dev` has received. */
export interface TelemetryStore extends TelemetrySink {
  /** Absolute. */
  readonly path: string;
  readonly sources: DatabaseSources & Required<Pick<AgentsSources, "changes">>;
  /** How many spans there are. */
  readonly spans: number;
  /** Sums up what is over, and deletes a part of what is too old or too much, as happens by itself every 10 s. @returns Whether there is more to do. */
  tidy(): boolean;
  /** Writes what waits, and gives the file back. Safe to call twice. */
  close(): void;
}

/**
 * Opens the telemetry database, for this process alone. A commit outlives the process; what a power cut takes are the last moments.
 *
 * @throws StoreInUseError where another process has it, StoreTooNewError, StoreUnusableError; the file is left as it is then. RangeError and
 *   TypeError on bad options.
 */
export function telemetryStore(options: TelemetryStoreOptions = {}): TelemetryStore {
  const settings = storeSettings(options);
  const { path, clock, after, groupMs } = settings;
  const db = openDatabase(path, TELEMETRY_MIGRATIONS, TELEMETRY_APPLICATION_ID);
  try {
    db.exec("PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 1000; PRAGMA cache_size = -16384");
    const statements = new Statements(db);
    const lease = new Lease(statements, path, clock, after);
    lease.take();
    const marks = new Marks(statements);
    const ingest = new Ingest(statements, marks);
    ingest.begin(clock.now());
    const upkeep = new Upkeep(statements, settings, lease, ingest);
    const notices = new ChangeNotices(after);
    const write = (batches: readonly TelemetryBatch[]): void => {
      try {
        const added = immediate(db, () => {
          lease.check();
          return ingest.write(batches, clock.now());
        });
        upkeep.added(added);
      } catch (error) {
        if (db.isOpen) ingest.forget();
        throw error;
      }
      notices.changed();
    };
    const commits = new GroupCommit(write, groupMs, after);
    upkeep.start();
    const sources = {
      ...databaseSources(statements, marks, clock),
      changes: (listener: () => void) => notices.subscribe(listener),
    };
    return {
      path,
      sources,
      get spans() {
        return upkeep.spans;
      },
      add: (batch, last) => commits.add(batch, last),
      tidy: () => upkeep.runPart(),
      close() {
        if (!db.isOpen) return;
        commits.flush();
        upkeep.stop();
        notices.close();
        lease.giveBack();
        db.close();
      },
    };
  } catch (error) {
    if (db.isOpen) db.close();
    throw error;
  }
}
