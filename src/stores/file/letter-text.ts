import { isPlainObject, parseJson } from "../../internal/plain-json.ts";
import type { LetterRecord } from "../letters/dead-letter-store.ts";

/** Of the files of a letter. A newer version of this package writes a larger number. */
export const LETTER_VERSION = 1;
export const HEAD_BYTES = 262_144;
/** The payload is a text in a text, where a quote takes one character more. */
export const BODY_BYTES = 4_194_304;

/** What never changes, and may be long. */
export type LetterBody = Pick<LetterRecord, "payload" | "context">;
/** All that lists, summaries and claims look at. */
export type LetterHead = Omit<LetterRecord, keyof LetterBody>;

const TEXTS = ["queue", "id", "taskType", "reason", "errorType", "errorMessage", "history"] as const;
const MAYBE = ["agent", "trace", "claim", "resolution"] as const;
const COUNTS = [
  "attempts",
  "replays",
  "firstAttemptMs",
  "lastAttemptMs",
  "enteredMs",
  "claimUntilMs",
  "resolvedMs",
] as const;

export function headText(head: LetterHead): string {
  return JSON.stringify({
    version: LETTER_VERSION,
    ...pick(head, TEXTS),
    ...pick(head, MAYBE),
    ...pick(head, COUNTS),
  });
}

export function bodyText({ payload, context }: LetterBody): string {
  return JSON.stringify({ version: LETTER_VERSION, payload, context });
}

/** @throws TypeError, RangeError, SyntaxError on what no letter has. */
export function headOf(text: string): LetterHead {
  const found = fieldsOf("head", text, HEAD_BYTES);
  checkVersion(found);
  for (const name of TEXTS) check(typeof found[name] === "string", `head.${name} must be a text`);
  for (const name of MAYBE)
    check(found[name] === undefined || typeof found[name] === "string", `head.${name} must be a text`);
  for (const name of COUNTS)
    check(Number.isSafeInteger(found[name]) && Number(found[name]) >= 0, `head.${name} must be a count`);
  parseJson("head.history", found["history"] as string);
  return { ...NOBODY, ...pick(found, TEXTS), ...pick(found, MAYBE), ...pick(found, COUNTS) } as LetterHead;
}

/** @throws as `headOf`. */
export function bodyOf(text: string): LetterBody {
  const found = fieldsOf("body", text, BODY_BYTES);
  checkVersion(found);
  const { payload, context } = found;
  check(typeof payload === "string" && typeof context === "string", "body must have a payload and a context");
  parseJson("payload", payload as string);
  parseJson("context", context as string);
  return { payload: payload as string, context: context as string };
}

/** The version of whoever has written it, where it is a newer one. */
export function newerVersion(text: string): number | undefined {
  try {
    const { version } = fieldsOf("letter", text, BODY_BYTES);
    return Number.isSafeInteger(version) && Number(version) > LETTER_VERSION ? Number(version) : undefined;
  } catch {
    return undefined;
  }
}

const NOBODY = { agent: undefined, trace: undefined, claim: undefined, resolution: undefined };

function fieldsOf(what: string, text: string, maxBytes: number): Record<string, unknown> {
  const found = parseJson(what, text, { maxBytes });
  if (!isPlainObject(found)) throw new TypeError(`${what} must be an object`);
  return found;
}

function checkVersion({ version }: Record<string, unknown>): void {
  check(version === LETTER_VERSION, `version must be ${LETTER_VERSION}`);
}

function check(isRight: boolean, otherwise: string): void {
  if (!isRight) throw new TypeError(otherwise);
}

function pick<Name extends string>(
  from: Readonly<Record<Name, unknown>> | Readonly<Record<string, unknown>>,
  names: readonly Name[],
): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = (from as Readonly<Record<string, unknown>>)[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
