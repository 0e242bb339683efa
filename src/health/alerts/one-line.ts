import { cutText } from "../../internal/redact.ts";

/** Control characters, those that turn the direction of text or have no width, and ends of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** Text that a terminal, a chat and a log show as what it is, in one line. */
export function oneLine(text: string, maxLength: number): string {
  // What is cut off is not looked at.
  return cutText(
    text
      .slice(0, maxLength * 4)
      .toWellFormed()
      .replace(UNSEEN, " ")
      .trim(),
    maxLength,
  );
}
