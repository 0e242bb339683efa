import type { LedgerHead } from "../../../stores/ledger/ledger.ts";
import { UsageError } from "../../cli-error.ts";
import { limitOption } from "../../limit-option.ts";
import { parseCommandArgs } from "../../parse-args.ts";

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
      db: { type: "string" },
      json: { type: "boolean" },
      color: { type: "boolean" },
      breaker: { type: "string" },
      limit: { type: "string" },
      anchor: { type: "string" },
    },
  });
  const verb = verbOf(positionals);
  for (const name of ["breaker", "limit", "anchor"] as const) {
    if (values[name] !== undefined && !(TAKES[verb] as readonly string[]).includes(name))
      throw new UsageError(`ledger ${verb} takes no --${name}`);
  }
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

function verbOf([verb, ...rest]: readonly string[]): LedgerVerb {
  const verbs = Object.keys(TAKES).join(", ");
  if (verb === undefined) throw new UsageError(`ledger needs one of: ${verbs}`);
  if (!Object.hasOwn(TAKES, verb)) throw new UsageError(`there is no "ledger ${verb}"; there are: ${verbs}`);
  if (rest.length > 0) throw new UsageError(`ledger ${verb} takes options only, not "${rest.join(" ")}"`);
  return verb as LedgerVerb;
}

function anchorOf(text: string): LedgerHead {
  const [, seq, hash] = ANCHOR.exec(text) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash };
  throw new UsageError(`--anchor must be SEQ:HASH, as "ledger verify" prints its head, got "${text}"`);
}
