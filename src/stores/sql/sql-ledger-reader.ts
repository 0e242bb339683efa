import { turn } from "../../internal/late-files.ts";
import { EMPTY_HEAD, toRow } from "../ledger/chain.ts";
import type { Ledger, LedgerHead, LedgerQuery, LedgerRow, LedgerSummary } from "../ledger/ledger.ts";
import { checkLedgerQuery } from "../ledger/ledger-query.ts";
import { ChainCheck } from "../ledger/verify-chain.ts";
import type { SqlDialect } from "./compiler.ts";
import { linkedEntry, type SqlRow, storedRow, subjectOf } from "./ledger-rows.ts";
import type { LedgerStatements, Statement } from "./ledger-statements.ts";

/** The half of a ledger that reads, the same for every SQL store. */
export type LedgerReader = Pick<Ledger, "read" | "summary" | "head" | "verify">;

/** Runs a statement; `undefined` where nothing was ever written. */
export type RunStatement = (statement: Statement) => Promise<readonly SqlRow[] | undefined>;

/** Rows that are verified before others get a turn. */
const PAGE = 500;
/** The lowest that a store can hold: rows below 1 are no part of a ledger, and found all the same. */
const LOWEST_SEQ = -(2n ** 63n);

export function sqlLedgerReader(dialect: SqlDialect, run: RunStatement): LedgerReader {
  let loaded: Promise<LedgerStatements> | undefined;
  const statements = () => {
    loaded ??= import("./ledger-statements.ts").then((module) => module.ledgerStatements(dialect));
    return loaded;
  };
  const rowsOf = async (choose: (statements: LedgerStatements) => Statement) =>
    (await run(choose(await statements()))) ?? [];
  return {
    async read(query: LedgerQuery = {}): Promise<readonly LedgerRow[]> {
      const checked = checkLedgerQuery(query);
      return (await rowsOf(({ read }) => read(checked))).map((row) => toRow(linkedEntry(row)));
    },
    summary: () => summaryOf(rowsOf),
    async head(): Promise<LedgerHead> {
      const [row] = await rowsOf(({ head }) => head());
      return row === undefined ? EMPTY_HEAD : { seq: Number(row["seq"]), hash: String(row["hash"]) };
    },
    async verify({ anchor } = {}) {
      const check = new ChainCheck(anchor);
      for (let from = LOWEST_SEQ; ; ) {
        const page = (await rowsOf((all) => all.page(from, PAGE))).map(storedRow);
        if (!page.every((row) => check.take(row)) || page.length < PAGE) return check.verdict();
        from = page[PAGE - 1]!.seq + 1n;
        await turn();
      }
    },
  };
}

async function summaryOf(
  rowsOf: (choose: (statements: LedgerStatements) => Statement) => Promise<readonly SqlRow[]>,
): Promise<LedgerSummary> {
  const [total] = await rowsOf(({ totals }) => totals());
  const rows = Number(total?.["rows"] ?? 0);
  if (total === undefined || rows === 0) return { rows: 0, kinds: [], subjects: [] };
  const kinds = await rowsOf((all) => all.kinds());
  const subjects = await rowsOf((all) => all.subjects());
  return {
    rows,
    firstAtMs: Number(total["firstAtMs"]),
    lastAtMs: Number(total["lastAtMs"]),
    kinds: kinds.map((row) => ({ kind: String(row["kind"]), rows: Number(row["rows"]) })),
    subjects: subjects.map(subjectOf),
  };
}
