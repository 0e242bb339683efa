import { UsageError } from "../../cli-error.ts";
import { parseCommandArgs } from "../../parse-args.ts";
import { FINDING_CODES, type FindingCode } from "./finding.ts";

export interface DoctorArgs {
  readonly endpoint: string | undefined;
  /** What to run, with its arguments; `undefined`: only look around. */
  readonly program: readonly string[] | undefined;
  readonly seconds: number;
  readonly ignore: readonly FindingCode[];
  readonly json: boolean;
  readonly color: boolean | undefined;
}

const LONGEST_SECONDS = 600;

/** @throws UsageError. */
export function doctorArgs(args: readonly string[]): DoctorArgs {
  const end = args.indexOf("--");
  const [own, program] = end < 0 ? [args, undefined] : [args.slice(0, end), args.slice(end + 1)];
  const { values, positionals } = parseCommandArgs({
    args: [...own],
    allowPositionals: true,
    allowNegative: true,
    options: {
      endpoint: { type: "string" },
      seconds: { type: "string" },
      ignore: { type: "string", multiple: true },
      json: { type: "boolean" },
      color: { type: "boolean" },
    },
  });
  return {
    endpoint: values.endpoint,
    program: programOf(positionals, program),
    seconds: secondsOf(values.seconds ?? "10"),
    ignore: (values.ignore ?? []).map(codeOf),
    json: values.json === true,
    color: values.color,
  };
}

function programOf(
  positionals: readonly string[],
  program: readonly string[] | undefined,
): readonly string[] | undefined {
  const [file, ...rest] = positionals;
  if (program?.length === 0) throw new UsageError("there is no program after --");
  if (file === undefined) return program;
  if (program !== undefined) throw new UsageError(`give a FILE or a program after --, not also "${file}"`);
  if (rest.length > 0)
    throw new UsageError(`doctor takes one FILE; give its arguments as -- node ${file} ${rest.join(" ")}`);
  return [process.execPath, file];
}

function secondsOf(text: string): number {
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= LONGEST_SECONDS) return seconds;
  throw new UsageError(`--seconds must be a whole number from 1 to ${LONGEST_SECONDS}, got "${text}"`);
}

function codeOf(text: string): FindingCode {
  const code = FINDING_CODES.find((known) => known === text);
  if (code !== undefined) return code;
  throw new UsageError(`--ignore must be one of ${FINDING_CODES.join(", ")}, got "${text}"`);
}
