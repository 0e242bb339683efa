import { isStateObject } from "../failure-mark.ts";
import { copyState } from "./copy-state.ts";
import { checkDecomposeOptions, type DecomposeFallbackOptions } from "./decompose-options.ts";
import type { FailedCall, Fallback, FallbackAnswer } from "./fallback.ts";
import { inputOf } from "./input-of.ts";
import { partMarks } from "./part-marks.ts";
import { runParts } from "./run-parts.ts";
import { untilAborted } from "./until-aborted.ts";

// biome-ignore lint/suspicious/noExplicitAny: what every list of parameters is assignable to; nothing is read from it.
type Input = any[];

/** Gives the parts of a task, from the input of the call that failed; the signal comes last where that call had one. */
export type Split<P> = (...args: Input) => readonly P[] | PromiseLike<readonly P[]>;

/** Makes one answer of what the parts gave, in their order. Gets the input of the call as well. */
export type Combine<R> = (results: readonly R[], ...args: Input) => unknown;

/**
 * Answers with the parts of a task, each done on its own. Not for a call that is itself made for a part: that one fails. A part is known by
 * its signal, so hand it on; by itself, where it is an object or a string and the first argument; and by the context of OpenTelemetry.
 *
 * A `split` that gives an empty list has nothing to offer. One that gives no list, or more than `maxParts`, fails before a part starts.
 *
 * @param combine Left out: the list of what the parts gave; where functions work on a state object, a copy of the state with that list as
 *   `results`.
 * @throws RangeError or TypeError that names the option and value.
 */
export function decomposeFallback<P, R>(
  split: Split<P>,
  execute: (part: P, signal: AbortSignal) => R | PromiseLike<R>,
  combine: Combine<R> = asList,
  options: DecomposeFallbackOptions = {},
): Fallback {
  const checked = checkDecomposeOptions(options);
  for (const [name, fn] of Object.entries({ split, execute, combine })) {
    if (typeof fn !== "function")
      throw new TypeError(`decomposeFallback: ${name} must be a function, got ${String(fn)}`);
  }
  const answer = async (call: FailedCall): Promise<FallbackAnswer | undefined> => {
    const { signal } = call;
    if (partMarks.isInPart(call)) return undefined;
    const parts = await untilAborted(() => split(...inputOf(call, signal)), signal);
    checkParts(parts, checked.maxParts);
    if (parts.length === 0) return undefined;
    const results = await runParts({ ...checked, parts, execute, signal });
    const value = await untilAborted(() => combine(results, ...(call.args ?? [])), signal);
    return results.length === parts.length ? { value } : { value, confidence: results.length / parts.length };
  };
  return { kind: "decomposed", answer };
}

function checkParts(parts: unknown, maxParts: number): void {
  if (!Array.isArray(parts)) {
    const got = parts === null ? "null" : typeof parts;
    throw new TypeError(`decomposeFallback: split must return a list, got ${got}`);
  }
  if (parts.length > maxParts) {
    throw new RangeError(
      `decomposeFallback: split returned ${parts.length} parts, over maxParts ${maxParts}`,
    );
  }
}

function asList(results: readonly unknown[], state?: unknown): unknown {
  return isStateObject(state) ? { ...copyState(state), results } : results;
}
