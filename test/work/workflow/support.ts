import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { CheckpointStore } from "../../../src/stores/checkpoints/checkpoint-store.ts";
import { sqlCheckpoints } from "../../../src/stores/sql/sql-checkpoints.ts";
import { SqliteFile } from "../../../src/stores/sqlite/sqlite-file.ts";
import { sqliteSql } from "../../../src/stores/sqlite/sqlite-sql.ts";
import {
  type CheckpointedWorkflowOptions,
  checkpointedWorkflow,
} from "../../../src/work/checkpointed-workflow.ts";
import { ManualTime, settled } from "../manual-time.ts";

export const boom = new Error("boom");

/** One store of checkpoints for each test, and time that is told to move. */
export class Bench {
  readonly time = new ManualTime();
  readonly store: CheckpointStore;
  readonly path: string;
  readonly #file: SqliteFile;

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), "agent-otel-workflow-"));
    this.#file = new SqliteFile(join(this.path, "agent-otel.db"));
    this.store = sqlCheckpoints(sqliteSql(this.#file, "full", this.time.clock));
  }

  /** A workflow on this store, as a program makes it. */
  workflow<I extends object = Record<string, unknown>>(
    name = "research",
    options: Partial<CheckpointedWorkflowOptions> = {},
  ) {
    const { clock, after } = this.time;
    return checkpointedWorkflow<I>(name, { store: { checkpoints: this.store }, clock, after, ...options });
  }

  /** What a call comes to, while all the time passes that it wants to. */
  async settle<T>(call: Promise<T>): Promise<T> {
    let done = false;
    const over = () => {
      done = true;
    };
    call.then(over, over);
    // Two turns without a timer: what is left to do is the store's.
    while (!done) {
      await settled();
      if (!done && this.time.pending > 0) await this.time.advance(50);
    }
    return call;
  }

  close(): void {
    this.#file.close();
    rmSync(this.path, { recursive: true });
  }
}

/** Fresh for each test of the file. */
export function bench(): { readonly now: Bench } {
  let made: Bench | undefined;
  beforeEach(() => {
    made = new Bench();
  });
  afterEach(() => made?.close());
  return {
    get now() {
      if (made === undefined) throw new Error("only within a test");
      return made;
    },
  };
}
