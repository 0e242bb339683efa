import { UsageError } from "../../cli-error.ts";
import { limitOption } from "../../limit-option.ts";
import { parseCommandArgs } from "../../parse-args.ts";
import { COMMON_OPTIONS, checkTaken, verbOf } from "../../verbs.ts";
import type { WorkPlace } from "../../work-store.ts";

/** What each verb takes besides those that all take. */
const TAKES = {
  summary: [],
  list: ["task-type", "limit", "resolved"],
  show: ["payload"],
  replay: ["module", "all", "task-type", "limit", "rate", "dry-run", "max-replays"],
  resolve: ["because"],
  purge: ["max-age-hours"],
} as const satisfies Record<string, readonly string[]>;

const WITH_ID: readonly LettersVerb[] = ["show", "replay", "resolve"];
const ONLY_ALL = ["task-type", "limit", "rate", "dry-run"] as const;

export type LettersVerb = keyof typeof TAKES;

export interface LettersArgs extends WorkPlace {
  readonly verb: LettersVerb;
  /** `undefined`: all of them. */
  readonly id: string | undefined;
  readonly queue: string;
  readonly taskType: string | undefined;
  readonly limit: number;
  readonly resolved: boolean;
  readonly payload: boolean;
  readonly module: string | undefined;
  readonly rate: number | undefined;
  readonly dryRun: boolean;
  readonly maxReplays: number | undefined;
  readonly because: string | undefined;
  readonly maxAgeHours: number | undefined;
  readonly json: boolean;
  readonly color: boolean | undefined;
}

/** @throws UsageError. */
export function lettersArgs(args: readonly string[]): LettersArgs {
  const { values, positionals } = parseCommandArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      ...COMMON_OPTIONS,
      files: { type: "string" },
      queue: { type: "string" },
      "task-type": { type: "string" },
      limit: { type: "string" },
      resolved: { type: "boolean" },
      payload: { type: "boolean" },
      module: { type: "string" },
      all: { type: "boolean" },
      rate: { type: "string" },
      "dry-run": { type: "boolean" },
      "max-replays": { type: "string" },
      because: { type: "string" },
      "max-age-hours": { type: "string" },
    },
  });
  const [word, ...rest] = positionals;
  const verb = verbOf("dead-letters", TAKES, word);
  const id = idOf(verb, rest, values.all === true);
  checkTaken("dead-letters", TAKES, verb, values, ["files", "queue"]);
  if (verb === "replay" && id !== undefined)
    for (const name of ONLY_ALL)
      if (values[name] !== undefined) throw new UsageError(`dead-letters replay ID takes no --${name}`);
  if (verb === "replay" && values.module === undefined && values["dry-run"] !== true)
    throw new UsageError("dead-letters replay needs --module FILE");
  if (verb === "resolve" && !values.because?.trim())
    throw new UsageError("dead-letters resolve needs --because TEXT");
  return {
    verb,
    id,
    db: values.db,
    files: values.files,
    queue: textOf("--queue", values.queue) ?? "dead-letters",
    taskType: textOf("--task-type", values["task-type"]),
    limit: limitOption(values.limit ?? "50"),
    resolved: values.resolved === true,
    payload: values.payload === true,
    module: textOf("--module", values.module),
    rate: numberOf("--rate", values.rate, 1, 1_000),
    dryRun: values["dry-run"] === true,
    maxReplays: numberOf("--max-replays", values["max-replays"], 1, 1_000_000),
    because: values.because?.trim(),
    maxAgeHours: numberOf("--max-age-hours", values["max-age-hours"], 0, 100_000),
    json: values.json === true,
    color: values.color,
  };
}

/** @returns `undefined`: all of them, or none is needed. */
function idOf(verb: LettersVerb, [id, ...rest]: readonly string[], isAll: boolean): string | undefined {
  const needsId = WITH_ID.includes(verb) && !isAll;
  if (needsId && id === undefined) {
    const all = verb === "replay" ? ", or --all" : "";
    throw new UsageError(`dead-letters ${verb} needs the ID of a letter${all}`);
  }
  const tooMany = needsId ? rest : [id, ...rest].filter((word) => word !== undefined);
  if (tooMany.length > 0)
    throw new UsageError(`dead-letters ${verb} does not know what to do with "${tooMany.join(" ")}"`);
  return id;
}

function textOf(option: string, text: string | undefined): string | undefined {
  if (text?.trim() === "") throw new UsageError(`${option} must not be empty`);
  return text;
}

function numberOf(option: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${option} must be a whole number from ${min} to ${max}, got "${text}"`);
}
