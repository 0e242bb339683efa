import { existsSync } from "node:fs";
import { UsageError } from "../../cli-error.ts";
import { limitOption } from "../../limit-option.ts";
import { parseCommandArgs } from "../../parse-args.ts";
import { PLACE_OPTIONS, telemetryPlace } from "../../telemetry/telemetry-place.ts";

/** Digits that tell an id from a name. */
const ID = /^[0-9a-f]{4,32}$/i;

export interface FromFile {
  readonly kind: "file";
  readonly file: string;
  readonly traceId: string | undefined;
}

export interface FromStore {
  readonly kind: "store";
  /** `undefined`: the default one. */
  readonly file: string | undefined;
  /** Its first digits, in lower case; `undefined`: the newest, or a list. */
  readonly traceId: string | undefined;
}

export interface TraceArgs {
  readonly from: FromFile | FromStore;
  readonly all: boolean;
  readonly list: boolean;
  readonly limit: number | undefined;
  readonly attributes: boolean;
  readonly json: boolean;
  readonly color: boolean | undefined;
}

/** @throws UsageError. */
export function traceArgs(args: readonly string[]): TraceArgs {
  const { values, positionals } = parseCommandArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      ...PLACE_OPTIONS,
      all: { type: "boolean" },
      list: { type: "boolean" },
      limit: { type: "string" },
      attributes: { type: "boolean" },
      json: { type: "boolean" },
      color: { type: "boolean" },
    },
  });
  const { file } = telemetryPlace(values);
  const list = values.list === true;
  const from = fromOf(positionals, file, list);
  if (from.traceId !== undefined && (values.all || list))
    throw new UsageError("give a TRACE_ID, --all or --list, not two of them");
  if (from.kind === "store" && values.all) throw new UsageError("--all needs a FILE; see --list");
  if (values.limit !== undefined && !list) throw new UsageError("--limit is for --list");
  return {
    from,
    all: values.all === true,
    list,
    limit: values.limit === undefined ? undefined : limitOption(values.limit),
    attributes: values.attributes === true,
    json: values.json === true,
    color: values.color,
  };
}

/** What stands first is a file where there is one of that name, or where it cannot be an id. */
function fromOf(
  [first, second, ...rest]: readonly string[],
  telemetry: string | undefined,
  list: boolean,
): FromFile | FromStore {
  if (rest.length > 0)
    throw new UsageError(`trace takes a FILE and a TRACE_ID, not also "${rest.join(" ")}"`);
  if (telemetry !== undefined) return fromStore(first, second, telemetry);
  if (first === undefined) {
    if (list) return { kind: "store", file: undefined, traceId: undefined };
    throw new UsageError("trace needs a FILE or a TRACE_ID");
  }
  const isId = second === undefined && ID.test(first) && !existsSync(first);
  return isId
    ? { kind: "store", file: undefined, traceId: first.toLowerCase() }
    : { kind: "file", file: first, traceId: second };
}

function fromStore(traceId: string | undefined, more: string | undefined, file: string): FromStore {
  if (more !== undefined) throw new UsageError("give a FILE or --telemetry, not both");
  if (traceId !== undefined && !/^[0-9a-f]{1,32}$/i.test(traceId))
    throw new UsageError(`a TRACE_ID has up to 32 hex digits, got "${traceId}"`);
  return { kind: "store", file, traceId: traceId?.toLowerCase() };
}
