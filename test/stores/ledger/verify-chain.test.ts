import { describe, expect, it } from "vitest";
import { EMPTY_HEAD, type LinkedEntry, link } from "../../../src/stores/ledger/chain.ts";
import { cleanEntry } from "../../../src/stores/ledger/clean-entry.ts";
import { HASHED_FIELDS, rowHash } from "../../../src/stores/ledger/row-hash.ts";
import { ChainCheck, type StoredRow } from "../../../src/stores/ledger/verify-chain.ts";

const ENTRIES = ["a", "b", "c", "d"].map((subject) => cleanEntry({ kind: "failure", subject }, 1_000));
const [A, B, C, D] = link(ENTRIES, EMPTY_HEAD).map(stored) as [StoredRow, StoredRow, StoredRow, StoredRow];
const OTHER = stored(link(ENTRIES, { seq: 1, hash: "b".repeat(64) })[0]!);

describe("the verdict on a chain", () => {
  it.each([
    ["a row missing at the beginning", [B, C, D], "missing_row", 1],
    ["a row missing within", [A, B, D], "missing_row", 3],
    ["a row twice", [A, A, B], "changed_row", 2],
    ["a row below the first number", [{ ...A, seq: 0n }, A], "changed_row", 1],
    ["a changed field", [A, { ...B, values: C.values }, C], "changed_row", 2],
    ["a changed hash", [A, { ...B, hash: C.hash }, C], "changed_row", 2],
    ["a row of another chain", [A, OTHER, C], "broken_link", 2],
  ] as const)("names the first break: %s", (_, rows, kind, seq) => {
    expect(verdict(rows)).toEqual({ valid: false, rows: seq - 1, firstBreak: { kind, seq } });
  });

  it("is good for what was linked", () => {
    expect(verdict([A, B, C, D])).toEqual({ valid: true, rows: 4, head: { seq: 4, hash: D.hash } });
  });
});

describe("the hash of a row", () => {
  it("is the same for a text and for its bytes", () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(rowHash(["ü", null, "b", ""], "p")).toBe(rowHash([bytes("ü"), null, bytes("b"), ""], "p"));
  });

  it("tells fields apart, wherever their texts are cut, and what is absent from what is empty", () => {
    const ways = [
      ["ab", "c"],
      ["a", "bc"],
      ["abc", ""],
      ["abc", null],
      ["", "abc"],
      ["ab\n1:c", null],
      ["-", null],
    ];
    expect(new Set(ways.map((values) => rowHash(values, "p"))).size).toBe(ways.length);
  });

  it("stays what it is: rows of today are verified by every later version", () => {
    expect(A.hash).toBe("19d660c4e855382ea35dec6ef22a7684ee6ab7223d114a39e2f8b933049c967a");
    expect(B.hash).toBe("01bd5fcaaaeb284d00b71ce3d4601a089f9166369d186c76e7f97634b616f6f3");
  });
});

function verdict(rows: readonly StoredRow[]) {
  const check = new ChainCheck(undefined);
  rows.every((row) => check.take(row));
  return check.verdict();
}

function stored(row: LinkedEntry): StoredRow {
  const values = HASHED_FIELDS.map((field) => (row[field] === null ? null : String(row[field])));
  return { seq: BigInt(row.seq), values, prevHash: row.prevHash, hash: row.hash };
}
