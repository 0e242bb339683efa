import type { UsageBy } from "../../../spend/usage-totals.ts";
import { UsageError } from "../../cli-error.ts";
import { parseCommandArgs } from "../../parse-args.ts";

const PERIODS = ["daily", "weekly", "monthly"] as const;
const KEYS = ["agent", "model", "provider", "workflow", "conversation", "caller"] as const;
/** Of runs, only all their tokens together are known. */
const WITHOUT_PRICE: readonly UsageBy[] = ["workflow", "caller"];

export interface UsageArgs {
  readonly period: (typeof PERIODS)[number];
  readonly by: UsageBy;
  /** The model to compare with. */
  readonly as: string | undefined;
  readonly db: string | undefined;
  readonly timeZone: string;
  readonly json: boolean;
  readonly color: boolean | undefined;
}

/** @throws UsageError. */
export function usageArgs(args: readonly string[]): UsageArgs {
  const { values, positionals } = parseCommandArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      period: { type: "string" },
      by: { type: "string" },
      as: { type: "string" },
      db: { type: "string" },
      "time-zone": { type: "string" },
      json: { type: "boolean" },
      color: { type: "boolean" },
    },
  });
  if (positionals.length > 0)
    throw new UsageError(`usage takes options only, not "${positionals.join(" ")}"`);
  const by = oneOf("--by", KEYS, values.by ?? "agent");
  if (values.as !== undefined && WITHOUT_PRICE.includes(by))
    throw new UsageError(`--as needs the kinds of tokens, which are not known by ${by}`);
  if (values.as?.trim() === "") throw new UsageError("--as must be the name of a model, got an empty one");
  return {
    period: oneOf("--period", PERIODS, values.period ?? "daily"),
    by,
    as: values.as?.trim(),
    db: values.db,
    timeZone: values["time-zone"] ?? "UTC",
    json: values.json === true,
    color: values.color,
  };
}

function oneOf<const T extends string>(option: string, allowed: readonly T[], value: string): T {
  if ((allowed as readonly string[]).includes(value)) return value as T;
  throw new UsageError(`${option} must be one of ${allowed.join(", ")}, got "${value}"`);
}
