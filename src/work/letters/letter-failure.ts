import { isPlainObject, parseJson } from "../../internal/plain-json.ts";
import { redactMessage } from "../../internal/redact.ts";
import { plainText } from "../../stores/ledger/plain-text.ts";
import { errorMessage, errorType } from "../../telemetry/error-type.ts";

/** What is kept of an error: never the object, its stack or its causes. */
export interface LetterFailure {
  /** As `error.type` of a span. */
  readonly type: string;
  /** Redacted, at most 256 characters. */
  readonly message: string;
  readonly at: Date;
}

/** Of a letter. */
const MOST = 20;

/** @param error Whatever was thrown. Never throws. */
export function failureOf(error: unknown, at: Date): LetterFailure {
  return { type: errorType(error), message: plainText(redactMessage(errorMessage(error) ?? "")), at };
}

/** The history as JSON, with one more. */
export function withFailure(history: readonly LetterFailure[], failure: LetterFailure): string {
  return JSON.stringify([...history, failure].slice(-MOST));
}

/** @throws TypeError, SyntaxError where it is none. */
export function readHistory(text: string): readonly LetterFailure[] {
  const list = parseJson("history", text);
  if (!Array.isArray(list)) throw new TypeError("history must be a list");
  return list.map((entry: unknown) => {
    if (!isPlainObject(entry)) throw new TypeError("history must be a list of objects");
    return {
      type: String(entry["type"]),
      message: String(entry["message"]),
      at: new Date(String(entry["at"])),
    };
  });
}
