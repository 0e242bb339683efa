import { type Clock, systemClock } from "./clock.ts";

/** In the registry of symbols, because the signal may come from another copy of this package. */
const DEADLINE = Symbol.for("agent-otel.deadline");

type WithDeadline = AbortSignal & { [DEADLINE]?: number };

/** @returns When the signal will be aborted, monotonic milliseconds; `undefined` where nobody has said. */
export function deadlineOf(signal: AbortSignal | undefined): number | undefined {
  return (signal as WithDeadline | undefined)?.[DEADLINE];
}

/**
 * Says when a signal of ours will be aborted, so that policies further in begin nothing that cannot end in time. It stands on the signal
 * itself, because each call under a time limit has a signal, and an entry in a WeakMap costs as much as all the rest of it.
 *
 * @param atMs Monotonic milliseconds, as of `performance.now()`.
 */
export function setDeadline(signal: AbortSignal, atMs: number): void {
  (signal as WithDeadline)[DEADLINE] = atMs;
}

/** Whether the caller has given up, or its time is over: also where the event loop was too busy to abort the signal. */
export function isOver(
  signal: AbortSignal | undefined,
  clock: Pick<Clock, "monotonic"> = systemClock,
): boolean {
  if (signal === undefined) return false;
  const atMs = deadlineOf(signal);
  return signal.aborted || (atMs !== undefined && atMs <= clock.monotonic());
}

/** Aborted as soon as one of both is, with its reason; its deadline is the earlier one. */
export function eitherSignal(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  if (other === undefined) return one;
  const both = AbortSignal.any([one, other]);
  const atMs = Math.min(
    deadlineOf(one) ?? Number.POSITIVE_INFINITY,
    deadlineOf(other) ?? Number.POSITIVE_INFINITY,
  );
  if (Number.isFinite(atMs)) setDeadline(both, atMs);
  return both;
}
