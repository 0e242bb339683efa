import { NEVER } from "../policy.ts";
import type { FailedCall } from "./fallback.ts";

/**
 * Arguments for a function that stands in for the one that failed: the same, with a signal last where the call had one. Under `execute`
 * the function gets the signal alone.
 *
 * @param signal In place of the caller's.
 */
export function inputOf(call: FailedCall, signal: AbortSignal): unknown[] {
  if (call.args === undefined) return [signal];
  return call.signal === NEVER ? [...call.args] : [...call.args, signal];
}
