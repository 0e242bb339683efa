import type { ScriptedAnswer } from "./scripted-answer.ts";

const FAULTS = ["fail", "stall", "stallAfterChunks", "breakAfterChunks", "malformed"] as const;
const WHOLE_NUMBERS = ["delayMs", "chunkDelayMs", "stallAfterChunks", "breakAfterChunks"] as const;

/** @throws TypeError or RangeError when the answer cannot be played, naming the field, the range and the value. */
export function checkAnswer(answer: ScriptedAnswer): void {
  const faults = FAULTS.filter((fault) => answer[fault] !== undefined);
  if (faults.length > 1)
    throw new TypeError(`a scripted answer has one fault at most, got ${faults.join(", ")}`);
  for (const field of WHOLE_NUMBERS) checkWhole(field, answer[field], 0);
  if (typeof answer.chunks === "number") checkWhole("chunks", answer.chunks, 1);
  checkFailure(answer.fail);
  checkText(answer);
}

function checkFailure(fail: ScriptedAnswer["fail"]): void {
  if (fail === undefined) return;
  if (!Number.isInteger(fail.status) || fail.status < 400 || fail.status > 599) {
    throw new RangeError(`fail.status must be a whole number from 400 to 599, got ${fail.status}`);
  }
  checkWhole("fail.afterChunks", fail.afterChunks, 0);
}

function checkText({ text, chunks }: ScriptedAnswer): void {
  if (text === undefined || !Array.isArray(chunks)) return;
  if (chunks.join("") !== text) {
    throw new TypeError("chunks must add up to text; leave out text to answer with the chunks");
  }
}

function checkWhole(field: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  throw new RangeError(`${field} must be a whole number >= ${least}, got ${value}`);
}
