import { createHash } from "../../internal/late-builtins.ts";
import { FAILURE_FIELD } from "../failure-mark.ts";
import { canonicalText } from "./canonical-text.ts";
import { withoutMachinery } from "./graph-config.ts";

/**
 * Tells the input of a call. One string for each answer that may differ: put in the tenant or user where answers are theirs, as
 * `(args) => JSON.stringify([tenant(), args])`.
 *
 * @param args Of the call, without the signal; `undefined` under `execute`, where nobody knows them.
 * @returns `undefined` for a call whose answer must not be kept.
 */
export type AnswerKey = (args: readonly unknown[] | undefined) => string | undefined;

/**
 * SHA-256 over name and input. The mark of an earlier failure is no input: the last good answer is the same without it. Nor is what a
 * graph passes to its nodes for its own use.
 *
 * @throws NotPlainError where the input is no plain data.
 */
export function inputKey(name: string | undefined, args: readonly unknown[]): string {
  const hash = createHash("sha256").update(canonicalText(name, FAILURE_FIELD));
  for (const [i, arg] of args.entries()) {
    hash.update(canonicalText(withoutMachinery(arg), FAILURE_FIELD, `argument ${i + 1}`));
  }
  return hash.digest("base64");
}
