import { field, text } from "../../instrumentation/fields.ts";
import type { SdkSpanError } from "./sdk.ts";

/** `String(error)`, as the SDK writes it down. */
const WRITTEN = /^([A-Z]\w{0,63}): ([\s\S]*)$/;

/** Their messages carry what a guardrail found or a model said. */
const SAYS_CONTENT = /GuardrailTripwireTriggered$|^ModelRefusalError$/;

/**
 * The failure of a span, which the SDK keeps as text alone, as an error with its class in `name`.
 *
 * @param seen The error itself, where it was seen on its way: it says more.
 */
export function toldError(error: SdkSpanError, seen: unknown): unknown {
  const written = text(error.data, "error") ?? error.message;
  if (seen !== undefined && written === String(seen)) return seen;
  const [, name = "Error", rest = written] = WRITTEN.exec(written) ?? [];
  const guardrail = text(error.data, "guardrail");
  if (guardrail !== undefined) return named("GuardrailTripwireTriggered", guardrail);
  return named(name, SAYS_CONTENT.test(name) ? rest.replace(/:[\s\S]*$/, "") : rest);
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** Whether the program itself has broken the call off. */
export function isAbort(error: unknown, signal: unknown): boolean {
  if (field(signal, "aborted") === true) return true;
  const name = text(error, "name");
  return name === "AbortError" || name === "APIUserAbortError";
}
