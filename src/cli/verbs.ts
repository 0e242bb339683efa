import { UsageError } from "./cli-error.ts";

/** What each verb of a command takes besides `COMMON_OPTIONS`. */
export type VerbOptions = Readonly<Record<string, readonly string[]>>;

/** What each verb of each command takes that looks into a store. */
export const COMMON_OPTIONS = {
  db: { type: "string" },
  json: { type: "boolean" },
  color: { type: "boolean" },
} as const;

/** @returns The first word as one of the verbs. @throws UsageError that names them all. */
export function verbOf<T extends VerbOptions>(
  command: string,
  takes: T,
  word: string | undefined,
): keyof T & string {
  const verbs = Object.keys(takes).join(", ");
  if (word === undefined) throw new UsageError(`${command} needs one of: ${verbs}`);
  if (!Object.hasOwn(takes, word))
    throw new UsageError(`there is no "${command} ${word}"; there are: ${verbs}`);
  return word;
}

/**
 * @param values What the command line says, by option.
 * @param always Options that all verbs of the command take, besides the common ones.
 * @throws UsageError on one that the verb does not take.
 */
export function checkTaken<T extends VerbOptions>(
  command: string,
  takes: T,
  verb: keyof T & string,
  values: object,
  always: readonly string[] = [],
): void {
  const taken = [...Object.keys(COMMON_OPTIONS), ...always, ...(takes[verb] ?? [])];
  const other = Object.keys(values).find((name) => !taken.includes(name));
  if (other !== undefined) throw new UsageError(`${command} ${verb} takes no --${other}`);
}
