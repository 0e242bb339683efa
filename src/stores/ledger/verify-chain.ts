import { EMPTY_HEAD } from "./chain.ts";
import type { LedgerBreakKind, LedgerHead, LedgerVerdict } from "./ledger.ts";
import { type HashedValue, rowHash } from "./row-hash.ts";

/** A row as its bytes stand in the store. */
export interface StoredRow {
  readonly seq: bigint;
  /** In the order of HASHED_FIELDS. */
  readonly values: readonly HashedValue[];
  readonly prevHash: string;
  readonly hash: string;
}

/** Checks rows one after the other, and keeps the first that is wrong. */
export class ChainCheck {
  readonly #anchor: LedgerHead | undefined;
  #head = EMPTY_HEAD;
  #broken: LedgerVerdict | undefined;

  /** @throws TypeError where it is no head of a ledger. */
  constructor(anchor: LedgerHead | undefined) {
    if (anchor !== undefined && (!Number.isSafeInteger(anchor.seq) || anchor.seq < 0 || !isHash(anchor.hash)))
      throw new TypeError(
        "ledger: anchor must be what head() gave, { seq, hash } with a hash of 64 hex digits",
      );
    this.#anchor = anchor;
  }

  /** Of the rows that were right. */
  get head(): LedgerHead {
    return this.#head;
  }

  /** @param row The next by `seq`. @returns Whether it is right. */
  take(row: StoredRow): boolean {
    const seq = this.#head.seq + 1;
    const wrong = this.#whatIsWrong(row, seq);
    if (wrong !== undefined) this.#broken = this.#brokenAt(wrong, seq);
    else this.#head = { seq, hash: row.hash };
    return wrong === undefined;
  }

  /** After the last row. */
  verdict(): LedgerVerdict {
    if (this.#broken !== undefined) return this.#broken;
    const { seq } = this.#head;
    if (this.#anchor !== undefined && this.#anchor.seq > seq) return this.#brokenAt("truncated", seq + 1);
    return { valid: true, rows: seq, head: this.#head };
  }

  #whatIsWrong(row: StoredRow, seq: number): LedgerBreakKind | undefined {
    if (row.seq > BigInt(seq)) return "missing_row";
    // A number below the next one cannot be counted to.
    if (row.seq !== BigInt(seq)) return "changed_row";
    if (row.prevHash !== this.#head.hash) return "broken_link";
    if (row.hash !== rowHash(row.values, row.prevHash)) return "changed_row";
    if (this.#anchor?.seq === seq && this.#anchor.hash !== row.hash) return "rewritten";
    return undefined;
  }

  #brokenAt(kind: LedgerBreakKind, seq: number): LedgerVerdict {
    return { valid: false, rows: this.#head.seq, firstBreak: { kind, seq } };
  }
}

function isHash(hash: unknown): boolean {
  return typeof hash === "string" && /^[0-9a-f]{64}$/.test(hash);
}
