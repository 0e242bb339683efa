/** What a row tells of. Low in cardinality; programs may add their own. */
export type LedgerKind = "failure" | "transition" | "operator" | (string & {});

/** What happened, as it is handed in. Texts are cleaned of secrets and cut before anything keeps them. */
export interface LedgerEntry {
  /** At most 64 characters. */
  readonly kind: LedgerKind;
  /** What it happened to, such as the name of a breaker. Cut to 128 characters. */
  readonly subject: string;
  /** State before and after, cut to 64 characters. */
  readonly from?: string;
  readonly to?: string;
  /** Message of the error behind it. Redacted, and cut to 256 characters. */
  readonly cause?: string;
  /** Low in cardinality, as `error.type`. Cut to 128 characters. */
  readonly errorType?: string;
  /** 32 and 16 hex digits; anything else is left out. */
  readonly traceId?: string;
  readonly spanId?: string;
  /** Who did it, for what an operator did. Keys are taken out, addresses stay. Cut to 128 characters. */
  readonly actor?: string;
  /** Plain data. Redacted, at most 4 KiB of JSON; what is left out is marked. */
  readonly payload?: unknown;
}

/** An entry as it stands in the ledger. */
export interface LedgerRow extends LedgerEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  /** When it was handed in, milliseconds since the epoch by the writer's clock. Rows of several processes may be out of order in it. */
  readonly atMs: number;
  /** Hash of the row before; 64 zeros for the first. Hex. */
  readonly prevHash: string;
  /** SHA-256 over this row and the hash before, in hex. */
  readonly hash: string;
}

export interface LedgerQuery {
  readonly kind?: LedgerKind;
  readonly subject?: string;
  /** Most rows to give, 1 to 10,000. @default 100 */
  readonly limit?: number;
  /** Only rows with a smaller `seq`: the last one of a page gives the next. */
  readonly before?: number;
}

/** The last row. Kept elsewhere (a signed file, a span event) it proves later that the end was not cut off. */
export interface LedgerHead {
  readonly seq: number;
  readonly hash: string;
}

/**
 * - `changed_row`: a field is not what its hash says.
 * - `broken_link`: the row before is another one than when this was written.
 * - `missing_row`: a number is not there.
 * - `truncated`: the anchor's row is not there any more, nor any after it.
 * - `rewritten`: the chain is valid, and is not the one that was anchored.
 */
export type LedgerBreakKind = "changed_row" | "broken_link" | "missing_row" | "truncated" | "rewritten";

export interface LedgerBreak {
  readonly kind: LedgerBreakKind;
  /** Of the first row that is wrong, or missing. */
  readonly seq: number;
}

export type LedgerVerdict =
  | { readonly valid: true; readonly rows: number; readonly head: LedgerHead }
  | {
      readonly valid: false;
      /** How many rows before the break are right. */
      readonly rows: number;
      readonly firstBreak: LedgerBreak;
    };

export interface LedgerSubject {
  readonly subject: string;
  readonly rows: number;
  readonly failures: number;
  readonly transitions: number;
  readonly lastAtMs: number;
  /** `to` of the newest row that has one. */
  readonly lastState?: string;
}

export interface LedgerSummary {
  readonly rows: number;
  /** Left out where the ledger is empty. */
  readonly firstAtMs?: number;
  readonly lastAtMs?: number;
  /** Rows by kind: the 100 with the most. */
  readonly kinds: readonly { readonly kind: LedgerKind; readonly rows: number }[];
  /** The 100 with the most rows. */
  readonly subjects: readonly LedgerSubject[];
}

export interface LedgerCounts {
  /** Entries that wait to be written. */
  readonly waiting: number;
  /** Entries that were written by this object. */
  readonly written: number;
  /** Entries that are lost: the buffer was full, or the store failed. */
  readonly dropped: number;
}

/**
 * Append-only record of failures, transitions and what operators did. Each row holds the hash of the one before, so `verify` sees
 * every change within it; that its end was cut off, or all of it written anew, shows only against an anchor.
 */
export interface Ledger {
  /**
   * Writes an entry, and waits until it outlives a power cut.
   *
   * @returns The row. With the policy `fail_open`: `undefined` where it could not be written.
   * @throws TypeError on an entry without kind or subject. With `fail_closed`: LedgerWriteError, StoreUnusableError, StoreTooNewError.
   */
  append(entry: LedgerEntry): Promise<LedgerRow | undefined>;
  /** Writes an entry soon. Never throws, and waits for nothing: what fails is reported once and counted. */
  record(entry: LedgerEntry): void;
  /** Newest first. @throws RangeError on a bad limit; StoreUnusableError, StoreTooNewError. */
  read(query?: LedgerQuery): Promise<readonly LedgerRow[]>;
  summary(): Promise<LedgerSummary>;
  /** @param options.anchor A head of this ledger that was kept elsewhere. */
  verify(options?: { readonly anchor?: LedgerHead }): Promise<LedgerVerdict>;
  /** Of an empty ledger: 0 and 64 zeros. */
  head(): Promise<LedgerHead>;
  counts(): LedgerCounts;
  /** Writes what waits, and closes the store. Safe to call twice. */
  close(): Promise<void>;
}
