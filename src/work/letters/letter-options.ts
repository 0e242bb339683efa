import { checkName } from "../../internal/check-name.ts";
import { checkBetween, checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import type { DeadLetterStore } from "../../stores/letters/dead-letter-store.ts";
import type { MetricSources } from "../../telemetry/metric-sources.ts";
import type { DeadLetter } from "./dead-letter.ts";

export interface DeadLetterQueueOptions {
  /** A metric label; queues of different names know nothing of each other. @default "dead-letters" */
  readonly name?: string;
  /** Such as `fileStore`, `sqliteStore` or `postgresStore`. */
  readonly store: { readonly name?: string; readonly deadLetters?: DeadLetterStore };
  /** How long letters are kept after they were resolved; the others stay until they are. @default 72 */
  readonly maxAgeHours?: number;
  /** Told of each new letter, once it is kept. What it throws is reported, and changes nothing. */
  readonly onLetter?: (letter: DeadLetter) => unknown;
  /** Unresolved letters; beyond, `add` is refused. 1 to 10,000,000. @default 100_000 */
  readonly maxLetters?: number;
  /** Of one letter, those included whose process ended on the way. 1 to 1,000,000. @default 10 */
  readonly maxReplays?: number;
  /** For so long a letter is kept from others when a replay vanishes; one that goes on renews it. 1 second to a day. @default 300_000 */
  readonly replayLeaseMs?: number;
  readonly clock?: Clock;
  /** For tests. */
  readonly after?: After;
  /** Where it tells its metrics. @default those of this process */
  readonly metrics?: MetricSources;
}

/** The options, checked, with their defaults. */
export interface DeadLetterSettings {
  readonly name: string;
  readonly store: DeadLetterStore;
  /** As it may be shown. */
  readonly storeName: string;
  readonly maxAgeMs: number;
  readonly onLetter: ((letter: DeadLetter) => unknown) | undefined;
  readonly maxLetters: number;
  readonly maxReplays: number;
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly after: After;
}

const LONGEST_HOURS = 876_600;

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function deadLetterSettings(options: DeadLetterQueueOptions): DeadLetterSettings {
  const { name = "dead-letters", store, maxAgeHours = 72, onLetter } = options;
  checkLabel("deadLetterQueue", name);
  if (store?.deadLetters === undefined)
    throw new TypeError(
      "deadLetterQueue: store must be one that has dead letters: fileStore, sqliteStore or postgresStore",
    );
  checkBetween("deadLetterQueue: maxAgeHours", maxAgeHours, 0, LONGEST_HOURS);
  if (onLetter !== undefined && typeof onLetter !== "function")
    throw new TypeError(`deadLetterQueue: onLetter must be a function, got ${typeof onLetter}`);
  const whole = (
    option: "maxLetters" | "maxReplays" | "replayLeaseMs",
    usual: number,
    min: number,
    max: number,
  ) => checkWhole(`deadLetterQueue: ${option}`, options[option] ?? usual, min, max);
  return {
    name,
    store: store.deadLetters,
    storeName: store.name ?? "of dead letters",
    maxAgeMs: Math.round(maxAgeHours * 3_600_000),
    onLetter,
    maxLetters: whole("maxLetters", 100_000, 1, 10_000_000),
    maxReplays: whole("maxReplays", 10, 1, 1_000_000),
    leaseMs: whole("replayLeaseMs", 300_000, 1_000, 86_400_000),
    clock: options.clock ?? systemClock,
    after: options.after ?? systemAfter,
  };
}

/** A name that every store can keep as it is. @throws TypeError that names what is wrong. */
export function checkLabel(owner: string, name: unknown): asserts name is string {
  checkName(owner, name);
  if (name.includes("\0") || !name.isWellFormed())
    throw new TypeError(`${owner}: name must be well-formed text without NUL, got ${JSON.stringify(name)}`);
}
