import { isAgentError } from "../errors/agent-error.ts";
import { safely } from "../internal/warn-once.ts";
import { answerInstead } from "./answer-instead.ts";
import { answerOr } from "./answer-or.ts";
import { failureMark, marked } from "./failure-mark.ts";
import type { Fallback, ProtectedCall } from "./fallback/fallback.ts";
import { type AsyncFunction, NEVER, type Operation, type Policy } from "./policy.ts";
import type { Outcome, PolicyChain } from "./policy-chain.ts";
import {
  type AnsweringPolicy,
  outcomeAround,
  outcomeOf,
  RUN_CALL,
  type RunCall,
  runCallOf,
  valueAround,
} from "./run-call.ts";

export interface FallbackOptions {
  /**
   * Whether an error is one to answer in place of.
   *
   * @default all but cancelled calls and refusals of ours other than of an open breaker and a timeout
   */
  readonly when?: (error: unknown) => boolean;
}

/** A policy with a fallback around it. */
export class FallbackPolicy implements PolicyChain, AnsweringPolicy {
  readonly name?: string;
  readonly #inner: RunCall;
  readonly #fallback: Fallback;
  readonly #when: (error: unknown) => boolean;

  /** @throws TypeError that names what is wrong. */
  constructor(
    inner: Pick<Policy, "name" | "execute"> & Partial<AnsweringPolicy>,
    fallback: Fallback,
    options: FallbackOptions = {},
  ) {
    const { when = wantsAnswer } = options;
    checkFallback(fallback);
    if (typeof when !== "function") {
      throw new TypeError(`onFailure: when must be a function, got ${String(when)}`);
    }
    if (inner.name !== undefined) this.name = inner.name;
    this.#inner = runCallOf(inner) ?? ((fn, signal) => inner.execute(fn, signal));
    this.#fallback = fallback;
    this.#when = when;
  }

  async execute<T>(fn: Operation<T>, signal?: AbortSignal): Promise<T> {
    return (await this.outcome(fn, signal)).value;
  }

  around<F extends AsyncFunction>(fn: F): F {
    return valueAround(this[RUN_CALL], this.name, fn);
  }

  onFailure(fallback: Fallback, options?: FallbackOptions): PolicyChain {
    return new FallbackPolicy(this, fallback, options);
  }

  outcome<T>(fn: Operation<T>, signal?: AbortSignal): Promise<Outcome<T>> {
    return outcomeOf(this[RUN_CALL], this.name, fn, signal);
  }

  aroundOutcome<A extends unknown[], T>(fn: (...args: A) => Promise<T>): (...args: A) => Promise<Outcome<T>> {
    return outcomeAround(this[RUN_CALL], this.name, fn);
  }

  readonly [RUN_CALL]: RunCall = async (fn, signal, call) => {
    let outcome: Awaited<ReturnType<typeof fn>>;
    try {
      outcome = await this.#inner(fn, signal, call);
    } catch (error) {
      // The caller is gone: nobody waits for another answer.
      if (signal?.aborted || !answerOr("onFailure: when", () => this.#when(error), false)) throw error;
      return this.#answer(error, signal ?? NEVER, call);
    }
    // What another fallback answered says nothing good of the call.
    if (outcome.fallback === undefined) this.#tell(outcome.value, call);
    return outcome;
  };

  async #answer<T>(error: unknown, signal: AbortSignal, call: ProtectedCall): Promise<Outcome<T>> {
    const answer = await answerInstead(this.#fallback, { ...call, error, signal });
    const mark = failureMark(error, call.name, this.#fallback.kind);
    return { ...answer, value: marked(answer.value, mark) as T, error };
  }

  #tell(value: unknown, call: ProtectedCall): void {
    const { succeeded } = this.#fallback;
    if (succeeded === undefined) return;
    safely("telling a fallback of an answer", () => Reflect.apply(succeeded, this.#fallback, [value, call]));
  }
}

const CANCELLED = ["AbortError", "APIUserAbortError", "RequestAbortedError"];

function wantsAnswer(error: unknown): boolean {
  if (isAgentError(error)) return error.code === "circuit_open" || error.code === "timeout";
  const name: unknown = (error as { name?: unknown } | null | undefined)?.name;
  return typeof name !== "string" || !CANCELLED.includes(name);
}

function checkFallback(fallback: Fallback): void {
  if (typeof fallback?.answer !== "function")
    throw new TypeError(`onFailure: fallback must have an answer function, got ${String(fallback)}`);
  if (typeof fallback.kind !== "string" || fallback.kind.trim() === "")
    throw new TypeError(
      `onFailure: the fallback's kind must be a name, got ${JSON.stringify(fallback.kind)}`,
    );
}
