import { REDACTED } from "./mark.ts";

// From the beginning of a run, so that a long run without an @ is tried once. A domain ends in letters: no version is one.
const EMAIL =
  /(?<![\w.+%\u0080-\uffff-])[\w.+%\u0080-\uffff-]{1,64}?(?:@|%40)(?:[\w\u0080-\uffff-]{1,63}\.){1,8}[a-z\u0080-\uffff]{2,63}(?![\w-])/gi;

/** Replaces e-mail addresses. `git@host` is a way to write a repository. */
export function redactEmail(text: string): string {
  if (!text.includes("@") && !text.includes("%40")) return text;
  return text.replace(EMAIL, (address) => (address.startsWith("git@") ? address : REDACTED));
}
