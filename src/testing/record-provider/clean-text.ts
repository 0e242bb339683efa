import { REDACTED } from "../../internal/redact/mark.ts";
import { redactText } from "../../internal/redact.ts";

/** Organisations, projects, users and requests, in the ids of OpenAI and Anthropic: no words, which have neither digits nor capitals. */
const ACCOUNT_IDS =
  /(?<![A-Za-z0-9])(?:org|proj|user|req|acct|wrkspc)[-_](?=[a-z]*[0-9A-Z])[A-Za-z0-9]{10,}(?![A-Za-z0-9])/g;
const MOST_ROUNDS = 4;

/**
 * Takes secrets, account and request ids and e-mail addresses out of a text. What was clean already stays as it is, so that a request that
 * repeats a recorded answer is the same whether it repeats the real one or the cleaned one.
 */
export function cleanText(text: string): string {
  let clean = text;
  // What is taken out can put two halves next to one another.
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = redactText(clean.replace(ACCOUNT_IDS, REDACTED));
    if (next === clean) return clean;
    clean = next;
  }
  return clean;
}
