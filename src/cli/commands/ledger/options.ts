import type { LedgerHead } from "../../../stores/ledger/ledger.ts";
import { UsageError } from "../../cli-error.ts";
import { limitOption } from "../../limit-option.ts";
import { parseCommandArgs } from "../../parse-args.ts";
import { COMMON_OPTIONS, checkTaken, verbOf } from "../../verbs.ts";

const ANCHOR = /^(\d{1,15}):([0-9a-f]{64})$/;

/** What each verb takes besides --db, --json and --color. */
const TAKES = {
  summary: [],
  failures: ["breaker", "limit"],
  transitions: ["breaker", "limit"],
  verify: ["anchor"],
} as const satisfies Record<string, readonly string[]>;

export type LedgerVerb = keyof typeof TAKES;

export interface LedgerArgs {
  readonly verb: LedgerVerb;
  readonly db: string | undefined;
  readonly json: boolean;
  readonly color: boolean | undefined;
  readonly breaker: string | undefined;
  readonly limit: number;
  readonly anchor: LedgerHead | undefined;
}

/** @throws UsageError. */
export function ledgerArgs(args: readonly string[]): LedgerArgs {
  const { values, positionals } = parseCommandArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      ...COMMON_OPTIONS,
      breaker: { type: "string" },
      limit: { type: "string" },
      anchor: { type: "string" },
    },
  });
  const [word, ...rest] = positionals;
  const verb = verbOf("ledger", TAKES, word);
  if (rest.length > 0) throw new UsageError(`ledger ${verb} takes options only, not "${rest.join(" ")}"`);
  checkTaken("ledger", TAKES, verb, values);
  if (values.breaker === "") throw new UsageError("--breaker must be a name, got an empty one");
  return {
    verb,
    db: values.db,
    json: values.json === true,
    color: values.color,
    breaker: values.breaker,
    limit: limitOption(values.limit ?? "20"),
    anchor: values.anchor === undefined ? undefined : anchorOf(values.anchor),
  };
}

function anchorOf(text: string): LedgerHead {
  const [, seq, hash] = ANCHOR.exec(text) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash };
  throw new UsageError(`--anchor must be SEQ:HASH, as "ledger verify" prints its head, got "${text}"`);
}
