import type { RunStatus } from "../../../stores/checkpoints/checkpoint-store.ts";
import { UsageError } from "../../cli-error.ts";
import { limitOption } from "../../limit-option.ts";
import { parseCommandArgs } from "../../parse-args.ts";
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
      db: { type: "string" },
      files: { type: "string" },
      json: { type: "boolean" },
      color: { type: "boolean" },
      workflow: { type: "string" },
      status: { type: "string" },
      limit: { type: "string" },
      state: { type: "boolean" },
    },
  });
  const { verb, id } = verbOf(positionals);
  for (const name of ["workflow", "status", "limit", "state"] as const) {
    if (values[name] !== undefined && !(TAKES[verb] as readonly string[]).includes(name))
      throw new UsageError(`workflows ${verb} takes no --${name}`);
  }
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

function verbOf([verb, id, ...rest]: readonly string[]): Pick<RunsArgs, "verb" | "id"> {
  const verbs = Object.keys(TAKES).join(", ");
  if (verb === undefined) throw new UsageError(`workflows needs one of: ${verbs}`);
  if (!Object.hasOwn(TAKES, verb))
    throw new UsageError(`there is no "workflows ${verb}"; there are: ${verbs}`);
  const known = verb as RunsVerb;
  if (known === "list") {
    if (id !== undefined)
      throw new UsageError(`workflows list takes options only, not "${[id, ...rest].join(" ")}"`);
    return { verb: known, id: "" };
  }
  if (id === undefined) throw new UsageError(`workflows ${known} needs the ID of a run`);
  if (rest.length > 0) throw new UsageError(`workflows ${known} takes one ID, not also "${rest.join(" ")}"`);
  return { verb: known, id };
}

function statusOf(text: string): RunStatus {
  const status = STATUSES.find((each) => each === text);
  if (status !== undefined) return status;
  throw new UsageError(`--status must be one of ${STATUSES.join(", ")}, got "${text}"`);
}
