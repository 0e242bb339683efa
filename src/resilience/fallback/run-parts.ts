import { deadlineOf, setDeadline } from "../../internal/deadline.ts";
import { partMarks } from "./part-marks.ts";
import { untilAborted } from "./until-aborted.ts";

export interface PartsToRun<P, R> {
  readonly parts: readonly P[];
  readonly execute: (part: P, signal: AbortSignal) => R | PromiseLike<R>;
  readonly concurrency: number;
  readonly partial: "all" | "best_effort";
  /** Of the caller. */
  readonly signal: AbortSignal;
}

/**
 * Runs the parts, so many at once, and marked as parts.
 *
 * @returns What they gave, in the order of the parts, without those that failed.
 * @throws the caller's reason at once when the caller aborts. With `all`, the error of the first part that fails, and the signal of the
 *   others is aborted; with `best_effort`, an AggregateError where all have failed.
 */
export async function runParts<P, R>(run: PartsToRun<P, R>): Promise<readonly R[]> {
  const own = new AbortController();
  const deadline = deadlineOf(run.signal);
  if (deadline !== undefined) setDeadline(own.signal, deadline);
  const onAbort = (): void => own.abort(run.signal.reason);
  run.signal.addEventListener("abort", onAbort, { once: true });
  const unmark = partMarks.mark(run.parts, own.signal);
  try {
    return await untilAborted(() => allOf(run, own), own.signal);
  } finally {
    unmark();
    run.signal.removeEventListener("abort", onAbort);
  }
}

async function allOf<P, R>(run: PartsToRun<P, R>, own: AbortController): Promise<readonly R[]> {
  const { parts, execute, concurrency, partial } = run;
  const results: { readonly value: R }[] = [];
  const errors: unknown[] = [];
  // All workers take from the same iterator, so each part is run by one.
  const waiting = parts.entries();
  const work = async (): Promise<void> => {
    for (const [i, part] of waiting) {
      if (own.signal.aborted) return;
      try {
        results[i] = { value: await partMarks.run(() => execute(part, own.signal)) };
      } catch (error) {
        if (partial === "all") own.abort(error);
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, parts.length) }, work));
  if (errors.length === parts.length) throw new AggregateError(errors, `all ${parts.length} parts failed`);
  return parts.flatMap((_, i) => results[i] ?? []).map(({ value }) => value);
}
