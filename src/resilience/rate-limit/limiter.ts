import { RateLimitedError, type RateLimitReason } from "../../errors/rate-limited-error.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { safely } from "../../internal/warn-once.ts";
import { withoutStack } from "../../internal/without-stack.ts";
import { type AsyncFunction, aroundOf, type Operation, type Policy, run } from "../policy.ts";
import type { Ask, RateRequest } from "./ask.ts";
import type { LimiterParts } from "./limiter-parts.ts";
import type { RateDecision } from "./rate-answer.ts";
import { rateLimitRefused } from "./rate-limit-event.ts";
import type { RatePermit, ReportedCall } from "./rate-permit.ts";
import { remainingOf } from "./remaining-headers.ts";
import { headersOf, pauseOf } from "./retry-after.ts";
import { type LineHost, WaitLine } from "./wait-line.ts";

/** What limiters of one process and of several have in common. */
export abstract class Limiter<Answer extends RateDecision | Promise<RateDecision>> implements Policy {
  readonly name: string;
  protected readonly parts: LimiterParts<Answer>;
  /** Of keys that somebody waits for. */
  protected readonly lines = new Map<string, WaitLine>();
  readonly #call = <T>(fn: Operation<T>, signal: AbortSignal | undefined): Promise<T> =>
    this.#limited(fn, signal);

  constructor(parts: LimiterParts<Answer>) {
    this.name = parts.name;
    this.parts = parts;
  }

  /**
   * Whether a call may be made now; counts it if so. Refused while others wait for the same key, since they came first.
   *
   * @throws RangeError or TypeError on a bad request, and on one that is larger than a limit.
   */
  abstract tryAcquire(request?: RateRequest): Answer;

  /** Leave to make a call, where it can be had without waiting for anything. */
  protected abstract atOnce(ask: Ask): boolean;

  execute<T>(fn: Operation<T>, signal?: AbortSignal): Promise<T> {
    return this.#limited(fn, signal);
  }

  around<F extends AsyncFunction>(fn: F): F {
    return aroundOf(this.#call, fn);
  }

  /**
   * Waits until a call may be made, in the order of asking among those of the same key in this process.
   *
   * @param signal Gives up the place. A wait that would outlast its deadline is refused at once.
   * @throws RateLimitedError: too many wait already, or too long for the deadline. RangeError or TypeError as `tryAcquire`.
   */
  async acquire(request?: RateRequest, signal?: AbortSignal): Promise<RatePermit> {
    const ask = this.parts.asks.of(request);
    signal?.throwIfAborted();
    return this.#permit(ask, this.atOnce(ask) ? 0 : await this.#wait(ask, signal));
  }

  /** As `RatePermit.report`, for those who have no permit. @throws RangeError or TypeError. */
  report(actualTokens: number, { key, tokens }: ReportedCall = {}): void {
    const ask = this.parts.asks.of(tokens === undefined ? {} : { tokens });
    this.#correct({ ...ask, key: this.parts.asks.keyOf(key) }, actualTokens);
  }

  /**
   * Heeds an error of the provider, for those who make their calls themselves: status 429 or 529 with a Retry-After pauses the key, and
   * what its headers say is left lowers the limit. Calls under `execute` and `around` do so by themselves. Never throws on the error.
   */
  recordFailure(error: unknown, key?: string): void {
    const own = this.parts.asks.keyOf(key);
    safely("reading the error of a provider", () => {
      this.#lower(headersOf(error), own);
      const ms = pauseOf(error, this.parts.clock.now(), this.parts.random);
      if (ms === undefined) return;
      this.parts.counts.pauses += 1;
      this.parts.desk.pause(own, ms);
    });
  }

  /** Heeds what the headers of an answer say is left: lowers the limit, never raises it. @param headers Headers, or a plain object. */
  recordHeaders(headers: unknown, key?: string): void {
    const own = this.parts.asks.keyOf(key);
    safely("reading the headers of a provider", () => this.#lower(headers, own));
  }

  #lower(headers: unknown, key: string): void {
    const remaining = remainingOf(headers);
    if (remaining !== undefined) this.parts.desk.lower(key, remaining);
  }

  async #limited<T>(fn: Operation<T>, signal: AbortSignal | undefined): Promise<T> {
    const ask = this.parts.asks.of(undefined);
    signal?.throwIfAborted();
    if (!this.atOnce(ask)) await (this.parts.waits ? this.#wait(ask, signal) : this.#orRefuse(ask));
    let value: T;
    try {
      value = await run(fn, signal);
    } catch (error) {
      this.recordFailure(error, ask.key);
      throw error;
    }
    if (this.parts.countsTokens) safely("counting the tokens of a call", () => this.#countTokens(ask, value));
    return value;
  }

  #countTokens(ask: Ask, value: unknown): void {
    const tokens = this.parts.tokensOf(value);
    if (tokens !== undefined) this.#correct(ask, tokens);
  }

  async #orRefuse(ask: Ask): Promise<void> {
    const { key, calls: cost, tokens } = ask;
    const decision = await this.tryAcquire({ key, cost, tokens });
    if (!decision.allowed) throw refused(this.#refusal(ask, decision.reason ?? "rate", decision));
  }

  /** @returns Milliseconds that it took. */
  async #wait(ask: Ask, signal: AbortSignal | undefined): Promise<number> {
    const { clock, counts } = this.parts;
    const fromMs = clock.monotonic();
    try {
      await this.#lineOf(ask.key).join(ask, signal);
    } catch (error) {
      // Only here is the span that is active the caller's own, and not that of whoever the line was serving.
      throw error instanceof RateLimitedError ? refused(error) : error;
    }
    const waitedMs = Math.max(0, clock.monotonic() - fromMs);
    counts.admitted += 1;
    counts.wait.observe(waitedMs / 1_000);
    return waitedMs;
  }

  #permit(ask: Ask, waitedMs: number): RatePermit {
    let isReported = false;
    const report = (actualTokens: number): void => {
      checkWhole("report: actualTokens", actualTokens, 0);
      if (isReported) return;
      isReported = true;
      this.#correct(ask, actualTokens);
    };
    return { waitedMs, report };
  }

  #correct({ key, tokens }: Ask, actualTokens: number): void {
    checkWhole("report: actualTokens", actualTokens, 0);
    if (actualTokens !== tokens) this.parts.desk.add(key, { calls: 0, tokens: actualTokens - tokens });
  }

  #refusal(
    ask: Ask,
    reason: RateLimitReason,
    { retryAfterMs, limit, cause }: RateDecision,
  ): RateLimitedError {
    const rule = this.parts.rules.find(({ name }) => name === limit);
    const facts = {
      limiter: this.name,
      key: ask.key,
      reason,
      retryAfterMs,
      limit: rule && { name: rule.name, amount: rule.amount },
    };
    return withoutStack(() => new RateLimitedError(facts, cause));
  }

  #lineOf(key: string): WaitLine {
    const known = this.lines.get(key);
    if (known !== undefined) return known;
    const line = new WaitLine(this.#hostOf(key));
    this.lines.set(key, line);
    return line;
  }

  #hostOf(key: string): LineHost {
    const { parts } = this;
    return {
      maxWaiting: parts.maxWaiting,
      after: parts.after,
      nowMs: () => parts.clock.monotonic(),
      take: (ask, lateMs) => parts.desk.take(ask, lateMs),
      giveBack: ({ calls, tokens }) => parts.desk.add(key, { calls: -calls, tokens: -tokens }),
      flowMs: (limit, calls, tokens) => {
        const rule = parts.rules.find(({ name }) => name === limit);
        return rule?.kind === "bucket" ? (rule.of === "calls" ? calls : tokens) / rule.perMs : 0;
      },
      refusal: (ask, reason, decision) => {
        parts.counts.rejections[reason] += 1;
        return this.#refusal(ask, reason, decision);
      },
      waiting: (change) => {
        parts.counts.waiting += change;
      },
      emptied: () => this.lines.delete(key),
    };
  }
}

function refused(error: RateLimitedError): RateLimitedError {
  rateLimitRefused(error);
  return error;
}
