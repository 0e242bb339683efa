import { parseJson } from "../../internal/plain-json.ts";
import type { LetterRecord } from "../letters/dead-letter-store.ts";
import { sealed, unsealed } from "./sealed-text.ts";

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
/** Those that came later; left out by an older version of this package. */
const LATER = ["replayRequestedMs"] as const;

export function headText(head: LetterHead): string {
  const names = [...TEXTS, ...MAYBE, ...COUNTS, ...LATER];
  return sealed(Object.fromEntries(names.map((name) => [name, head[name]])));
}

export function bodyText({ payload, context }: LetterBody): string {
  return sealed({ payload, context });
}

/** @throws StoreTooNewError; TypeError, RangeError, SyntaxError on what no letter has. */
export function headOf(path: string, text: string): LetterHead {
  const found = unsealed(path, text);
  for (const name of TEXTS) check(typeof found[name] === "string", `its ${name} is no text`);
  for (const name of MAYBE)
    check(found[name] === undefined || typeof found[name] === "string", `its ${name} is no text`);
  for (const name of COUNTS) check(isCount(found[name]), `its ${name} is no count`);
  for (const name of LATER) check(isCount(found[name] ?? 0), `its ${name} is no count`);
  parseJson("history", found["history"] as string);
  // Left out where there is none.
  const { agent, trace, claim, resolution, replayRequestedMs = 0 } = found as Partial<LetterHead>;
  return { ...(found as unknown as LetterHead), agent, trace, claim, resolution, replayRequestedMs };
}

/** @throws as `headOf`. */
export function bodyOf(path: string, text: string): LetterBody {
  const { payload, context } = unsealed(path, text);
  if (typeof payload !== "string" || typeof context !== "string")
    throw new TypeError("it has no payload or no context");
  parseJson("payload", payload);
  parseJson("context", context);
  return { payload, context };
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function check(isRight: boolean, otherwise: string): void {
  if (!isRight) throw new TypeError(otherwise);
}
