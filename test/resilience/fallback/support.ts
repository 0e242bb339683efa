import type { FailedCall, Fallback, FallbackAnswer } from "../../../src/resilience/fallback/fallback.ts";
import { NEVER } from "../../../src/resilience/policy.ts";

export const boom = new Error("boom");

/** A call of "researcher" that failed. */
export function failed(call: Partial<FailedCall> = {}): FailedCall {
  return { name: "researcher", args: ["question"], error: boom, signal: NEVER, ...call };
}

export async function ask(
  fallback: Fallback,
  call: Partial<FailedCall> = {},
): Promise<FallbackAnswer | undefined> {
  return fallback.answer(failed(call));
}

/** Tells it of a call that succeeded. */
export function tell(fallback: Fallback, value: unknown, call: Partial<FailedCall> = {}): void {
  fallback.succeeded?.(value, failed(call));
}

export function never(): Promise<never> {
  return new Promise(() => {});
}

/** What was answered; fails where nothing was. */
export function given<T>(answer: FallbackAnswer | undefined): T {
  if (answer === undefined) throw new Error("the fallback had nothing to offer");
  return answer.value as T;
}
