import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { fileLetters } from "../../../src/stores/file/file-letters.ts";
import type { DeadLetterStore } from "../../../src/stores/letters/dead-letter-store.ts";
import { sqlLetters } from "../../../src/stores/sql/sql-letters.ts";
import { SqliteFile } from "../../../src/stores/sqlite/sqlite-file.ts";
import { sqliteSql } from "../../../src/stores/sqlite/sqlite-sql.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { type DeadLetterQueueOptions, deadLetterQueue } from "../../../src/work/dead-letter-queue.ts";
import { ManualTime } from "../manual-time.ts";

export const HOUR_MS = 3_600_000;

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-letters-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A queue in a database of its own, and a clock that is told to move. */
export function queueWith(options: Omit<Partial<DeadLetterQueueOptions>, "store"> = {}, kind = "sqlite") {
  const directory = temporaryFolder();
  const time = new ManualTime();
  const metrics = new MetricSources();
  const { clock, after } = time;
  let deadLetters: DeadLetterStore;
  if (kind === "files") deadLetters = fileLetters(directory, clock);
  else {
    const database = sqliteSql(new SqliteFile(join(directory, "letters.db")), "full", clock);
    onTestFinished(() => database.close());
    deadLetters = sqlLetters(database);
  }
  const more = (changes: Partial<DeadLetterQueueOptions> = {}) =>
    deadLetterQueue({
      store: { name: "the store", deadLetters },
      clock,
      after,
      metrics,
      ...options,
      ...changes,
    });
  return { directory, time, clock, metrics, store: deadLetters, queue: more(), more };
}

export const TASK = {
  taskType: "search",
  payload: { question: "otters" },
  error: new Error("timed out"),
  attempts: 3,
};

/** A store some of whose methods are others. */
export function storeWith(store: DeadLetterStore, changes: Partial<DeadLetterStore>): DeadLetterStore {
  return new Proxy(store, {
    get(target, name: keyof DeadLetterStore) {
      const method = (changes[name] ?? target[name]) as (...args: unknown[]) => unknown;
      return changes[name] === undefined ? method.bind(target) : method;
    },
  });
}
