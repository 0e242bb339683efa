import type { RunStatus } from "../../../stores/checkpoints/checkpoint-store.ts";
import { UsageError } from "../../cli-error.ts";
import { limitOption } from "../../limit-option.ts";
import { parseCommandArgs } from "../../parse-args.ts";
import { COMMON_OPTIONS, checkTaken, verbOf } from "../../verbs.ts";
import type { WorkPlace } from "../../work-store.ts";

const STATUSES = [
  "running",
  "completed",
  "failed",
  "cancelled",
  "needs_attention",
] as const satisfies readonly RunStatus[];

/** What each verb takes besides --db, --files, --json and --color. */
const TAKES = {
  list: ["workflow", "status", "limit"],
  show: ["state"],
  cancel: [],
  reopen: [],
} as const satisfies Record<string, readonly string[]>;

export type RunsVerb = keyof typeof TAKES;

export interface RunsArgs extends WorkPlace {
  readonly verb: RunsVerb;
  /** Empty with `list`. */
  readonly id: string;
  readonly workflow: string | undefined;
  readonly status: RunStatus | undefined;
  readonly limit: number;
  readonly state: boolean;
  readonly json: boolean;
  readonly color: boolean | undefined;
}

/** @throws UsageError. */
export function runsArgs(args: readonly string[]): RunsArgs {
  const { values, positionals } = parseCommandArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      ...COMMON_OPTIONS,
      files: { type: "string" },
      workflow: { type: "string" },
      status: { type: "string" },
      limit: { type: "string" },
      state: { type: "boolean" },
    },
  });
  const [word, ...rest] = positionals;
  const verb = verbOf("workflows", TAKES, word);
  const id = idOf(verb, rest);
  checkTaken("workflows", TAKES, verb, values, ["files"]);
  if (values.workflow === "") throw new UsageError("--workflow must be a name, got an empty one");
  return {
    verb,
    id,
    db: values.db,
    files: values.files,
    workflow: values.workflow,
    status: values.status === undefined ? undefined : statusOf(values.status),
    limit: limitOption(values.limit ?? "20"),
    state: values.state === true,
    json: values.json === true,
    color: values.color,
  };
}

/** @returns Empty with `list`. */
function idOf(verb: RunsVerb, [id, ...rest]: readonly string[]): string {
  if (verb === "list") {
    if (id === undefined) return "";
    throw new UsageError(`workflows list takes options only, not "${[id, ...rest].join(" ")}"`);
  }
  if (id === undefined) throw new UsageError(`workflows ${verb} needs the ID of a run`);
  if (rest.length > 0) throw new UsageError(`workflows ${verb} takes one ID, not also "${rest.join(" ")}"`);
  return id;
}

function statusOf(text: string): RunStatus {
  const status = STATUSES.find((each) => each === text);
  if (status !== undefined) return status;
  throw new UsageError(`--status must be one of ${STATUSES.join(", ")}, got "${text}"`);
}
