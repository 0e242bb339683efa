import type { CallRecord } from "../../telemetry/call-record.ts";
import { keyOfRecord, keyText } from "./fold-record.ts";
import type { RollupKey, RollupRow } from "./rollup-row.ts";

/** A key that was counted before, with the rows in which that was, one for each length of slice. */
export interface KnownKey {
  readonly key: RollupKey;
  /** Its `keyText`. */
  readonly text: string;
  readonly rows: (RollupRow | undefined)[];
}

interface Level extends Map<string | undefined, Level | KnownKey> {}

/**
 * Finds the key of a record by its names, one map below the other: 75 ns, where the text of a key has to be put together and hashed
 * first, which takes 500.
 */
export class KnownKeys {
  readonly #limit: number;
  #root: Level = new Map();
  #size = 0;

  /** @param limit How many keys it knows; one more, and it begins anew. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  of(record: CallRecord): KnownKey {
    let level = below(this.#root, record.operation);
    level = below(level, record.agent);
    level = below(level, record.callerType);
    level = below(level, record.caller);
    level = below(level, record.workflow);
    level = below(level, record.tool);
    level = below(level, record.provider);
    level = below(level, record.responseModel ?? record.requestModel);
    const known = level.get(record.errorType) as KnownKey | undefined;
    return known ?? this.#add(level, record);
  }

  clear(): void {
    this.#root = new Map();
    this.#size = 0;
  }

  #add(level: Level, record: CallRecord): KnownKey {
    const key = keyOfRecord(record);
    const known: KnownKey = { key, text: keyText(key), rows: [] };
    if (this.#size >= this.#limit) {
      // The one that is asked for is not among the next ones, which costs it another look-up.
      this.clear();
      return known;
    }
    this.#size += 1;
    level.set(record.errorType, known);
    return known;
  }
}

function below(level: Level, name: string | undefined): Level {
  let next = level.get(name) as Level | undefined;
  if (next === undefined) {
    next = new Map();
    level.set(name, next);
  }
  return next;
}
