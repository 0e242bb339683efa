import { reportFailure } from "../../internal/warn-once.ts";
import { isThenable, type MaybePromise } from "./maybe-promise.ts";
import type { ValidateToolCall } from "./options.ts";
import { validateText } from "./refusal-text.ts";
import type { GuardedCall } from "./tool-call.ts";

/** @returns What the user's own check has against a call, as a text for the model; `undefined` where it may run. */
export function verdictOf(
  validate: ValidateToolCall | undefined,
  call: GuardedCall,
): MaybePromise<string | undefined> {
  if (validate === undefined) return undefined;
  const read = (said: unknown): string | undefined => {
    if (said === undefined || said === true) return undefined;
    return validateText(call.name, typeof said === "string" && said !== "" ? said : undefined);
  };
  const failed = (error: unknown): string => {
    // A check that cannot be made has not been passed.
    reportFailure("validate of a tool guard", error);
    return validateText(call.name, undefined);
  };
  try {
    const said = validate(call);
    return isThenable(said) ? said.then(read, failed) : read(said);
  } catch (error) {
    return failed(error);
  }
}
