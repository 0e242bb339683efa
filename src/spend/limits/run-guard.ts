import type { AdmittedCall, CallGuard, ModelCallIntent } from "../../agent/call-guard.ts";
import type { AgentError } from "../../errors/agent-error.ts";
import { LimitExceededError, type LimitFacts } from "../../errors/limit-exceeded-error.ts";
import { UnpricedModelError } from "../../errors/unpriced-model-error.ts";
import type { CallTotals } from "../../telemetry/call-record.ts";
import { spendRefused } from "../../telemetry/spend/spend-events.ts";
import { costSoFar, maxCost } from "../max-cost.ts";
import type { CheckedLimits } from "./run-limits.ts";

const NOTHING: CallTotals = { calls: 0, tokens: 0, costNanoUsd: 0 };

/** Keeps one run within its limits. Asking and counting are one step, so calls that begin together cannot pass together. */
export class RunGuard implements CallGuard {
  /** Of the finished calls of the run. */
  totals: CallTotals = NOTHING;
  readonly #name: string;
  readonly #limits: CheckedLimits;
  readonly #over = new AbortController();
  readonly #iterations = new Map<string | undefined, number>();
  #modelCalls = 0;
  #toolCalls = 0;
  /** The most that calls under way may still use. */
  #pendingNanoUsd = 0;
  #pendingTokens = 0;
  /** Of streamed answers that were broken off before the provider told. */
  #estimatedNanoUsd = 0;
  #estimatedTokens = 0;

  constructor(name: string, limits: CheckedLimits) {
    this.#name = name;
    this.#limits = limits;
  }

  /** Aborted with the error of the first call that was refused. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  modelCall(intent: ModelCallIntent): AdmittedCall | undefined {
    const { iterations, modelCalls } = this.#limits;
    const { agent } = intent;
    const rounds = this.#iterations.get(agent) ?? 0;
    this.#check({ limit: "iterations", max: iterations, used: rounds, asked: 1, agent });
    this.#check({ limit: "modelCalls", max: modelCalls, used: this.#modelCalls, asked: 1 });
    const nanoUsd = this.#askMoney(intent);
    const tokens = this.#askTokens(intent);
    this.#iterations.set(agent, rounds + 1);
    this.#modelCalls += 1;
    this.#pendingNanoUsd += nanoUsd;
    this.#pendingTokens += tokens;
    const ended = (): void => {
      this.#pendingNanoUsd -= nanoUsd;
      this.#pendingTokens -= tokens;
    };
    // Where the answer has a bound, that was asked for already.
    return intent.maxOutputTokens === undefined ? this.#watched(intent, ended) : { ended };
  }

  /** An answer without a bound is broken off when it passes what is left; what had come then counts, though nobody tells its cost. */
  #watched(intent: ModelCallIntent, ended: () => void): AdmittedCall {
    let output = 0;
    return {
      ended: (tokens, cost) => {
        ended();
        if (cost !== undefined || tokens > 0 || output === 0) return;
        this.#estimatedNanoUsd += costSoFar(intent, output);
        this.#estimatedTokens += (intent.inputTokensBound() ?? 0) + output;
      },
      grew: (soFar) => {
        output = soFar;
        return this.#grew(intent, output);
      },
    };
  }

  #grew(intent: ModelCallIntent, output: number): Error | undefined {
    try {
      const { nanoUsd, tokens } = this.#limits;
      if (nanoUsd !== undefined) this.#checkMoney(nanoUsd, costSoFar(intent, output));
      if (tokens !== undefined) this.#checkTokens(tokens, (intent.inputTokensBound() ?? 0) + output);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  toolCall(): void {
    this.#check({ limit: "toolCalls", max: this.#limits.toolCalls, used: this.#toolCalls, asked: 1 });
    this.#toolCalls += 1;
  }

  #askMoney(intent: ModelCallIntent): number {
    const { nanoUsd: max } = this.#limits;
    if (max === undefined) return 0;
    const most = maxCost(intent);
    if (most.kind === "unpriced")
      throw this.#refuse(new UnpricedModelError(`${this.#name}: usd`, intent.model, intent.provider));
    const asked = most.kind === "priced" ? most.nanoUsd : undefined;
    this.#checkMoney(max, asked);
    return asked ?? 0;
  }

  #checkMoney(max: number, asked: number | undefined): void {
    const used = this.totals.costNanoUsd + this.#estimatedNanoUsd + this.#pendingNanoUsd;
    this.#check(
      {
        limit: "usd",
        max: max / 1e9,
        used: used / 1e9,
        asked: asked === undefined ? undefined : asked / 1e9,
      },
      used + (asked ?? 0) > max || used >= max,
    );
  }

  #askTokens({ inputTokensBound, maxOutputTokens }: ModelCallIntent): number {
    const { tokens: max } = this.#limits;
    if (max === undefined) return 0;
    const input = inputTokensBound();
    const asked = input === undefined || maxOutputTokens === undefined ? undefined : input + maxOutputTokens;
    this.#checkTokens(max, asked);
    return asked ?? 0;
  }

  #checkTokens(max: number, asked: number | undefined): void {
    const used = this.totals.tokens + this.#estimatedTokens + this.#pendingTokens;
    this.#check({ limit: "tokens", max, used, asked }, used + (asked ?? 0) > max || used >= max);
  }

  /** Where the limit is not given, anything is within it. */
  #check(facts: Omit<LimitFacts, "max"> & { readonly max: number | undefined }, over?: boolean): void {
    const { max, used, asked } = facts;
    if (max === undefined || !(over ?? used + (asked ?? 0) > max)) return;
    throw this.#refuse(new LimitExceededError(this.#name, { ...facts, max }));
  }

  #refuse<E extends AgentError>(error: E): E {
    spendRefused(this.#name, error instanceof LimitExceededError ? error.limit : error.code, error.message);
    if (!this.#over.signal.aborted) this.#over.abort(error);
    return error;
  }
}
