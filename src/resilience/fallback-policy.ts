import { isAgentError } from "../errors/agent-error.ts";
import { safely } from "../internal/warn-once.ts";
import { answerInstead } from "./answer-instead.ts";
import { failureMark, marked } from "./failure-mark.ts";
import type { Fallback, ProtectedCall } from "./fallback/fallback.ts";
import { type AsyncFunction, type Execute, NEVER, named, type Operation, type Policy } from "./policy.ts";
import type { Outcome, PolicyChain } from "./policy-chain.ts";

export interface FallbackOptions {
  /**
   * Whether an error is one to answer in place of.
   *
   * @default all but cancelled calls and refusals of ours other than of an open breaker and a timeout
   */
  readonly when?: (error: unknown) => boolean;
}

/** A policy with a fallback around it. */
export class FallbackPolicy implements PolicyChain {
  readonly name?: string;
  readonly #inner: Execute;
  readonly #fallback: Fallback;
  readonly #when: (error: unknown) => boolean;

  /** @throws TypeError that names what is wrong. */
  constructor(inner: Pick<Policy, "name" | "execute">, fallback: Fallback, options: FallbackOptions = {}) {
    const { when = wantsAnswer } = options;
    checkFallback(fallback);
    if (typeof when !== "function") {
      throw new TypeError(`onFailure: when must be a function, got ${String(when)}`);
    }
    if (inner.name !== undefined) this.name = inner.name;
    this.#inner = (fn, signal) => inner.execute(fn, signal);
    this.#fallback = fallback;
    this.#when = when;
  }

  async execute<T>(fn: Operation<T>, signal?: AbortSignal): Promise<T> {
    return (await this.outcome(fn, signal)).value;
  }

  around<F extends AsyncFunction>(fn: F): F {
    const guarded = this.aroundOutcome(fn as (...args: unknown[]) => Promise<unknown>);
    const wrapper = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
      return (await Reflect.apply(guarded, this, args)).value;
    };
    return named(wrapper, fn) as F;
  }

  onFailure(fallback: Fallback, options?: FallbackOptions): PolicyChain {
    return new FallbackPolicy(this, fallback, options);
  }

  outcome<T>(fn: Operation<T>, signal?: AbortSignal): Promise<Outcome<T>> {
    return this.#outcome(fn, signal, { name: this.name, args: undefined });
  }

  aroundOutcome<A extends unknown[], T>(fn: (...args: A) => Promise<T>): (...args: A) => Promise<Outcome<T>> {
    const name = this.name ?? (fn.name === "" ? undefined : fn.name);
    const outcome = (operation: Operation<T>, signal: AbortSignal | undefined, args: readonly unknown[]) =>
      this.#outcome(operation, signal, { name, args });
    const wrapper = function (this: unknown, ...args: A): Promise<Outcome<T>> {
      const last: unknown = args.at(-1);
      if (!(last instanceof AbortSignal))
        return outcome(() => Reflect.apply(fn, this, args), undefined, args);
      const input = args.slice(0, -1);
      const withSignal = (signal: AbortSignal) => Reflect.apply(fn, this, [...input, signal] as unknown as A);
      return outcome(withSignal, last, input);
    };
    return named(wrapper, fn);
  }

  async #outcome<T>(
    fn: Operation<T>,
    signal: AbortSignal | undefined,
    call: ProtectedCall,
  ): Promise<Outcome<T>> {
    let value: T;
    try {
      value = await this.#inner(fn, signal);
    } catch (error) {
      // The caller is gone: nobody waits for another answer.
      if (signal?.aborted || !this.#when(error)) throw error;
      const answer = await answerInstead(this.#fallback, { ...call, error, signal: signal ?? NEVER });
      const mark = failureMark(error, call.name, this.#fallback.kind);
      return { ...answer, value: marked(answer.value, mark) as T, error };
    }
    const { succeeded } = this.#fallback;
    if (succeeded !== undefined) {
      safely("telling a fallback of an answer", () =>
        Reflect.apply(succeeded, this.#fallback, [value, call]),
      );
    }
    return { value };
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
