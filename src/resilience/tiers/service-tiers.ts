import { trace } from "@opentelemetry/api";
import { systemClock } from "../../internal/clock.ts";
import { reportFailure, safely } from "../../internal/warn-once.ts";
import { ATTR_TIER, ATTR_TIER_SERVICE, EVENT_TIER_CHANGED } from "../../telemetry/semconv.ts";
import { CachedAnswers } from "../fallback/cached-answers.ts";
import { copyState } from "../fallback/copy-state.ts";
import { untilAborted } from "../fallback/until-aborted.ts";
import { NEVER } from "../policy.ts";
import {
  checkTiersOptions,
  type ServiceTiersOptions,
  type TierFunction,
  type TierName,
} from "./service-tiers-options.ts";
import { tierCounts } from "./tier-counts.ts";
import { type Attempt, TierLadder } from "./tier-ladder.ts";
import { tierVerdict } from "./tier-verdict.ts";

/** An answer, and the tier that gave it: anything but `premium` is degraded. */
export type TierAnswer<R, E> =
  | { readonly value: R; readonly tier: Exclude<TierName, "emergency"> }
  | { readonly value: E; readonly tier: "emergency" };

export interface ServiceTiers<A extends unknown[], R, E> {
  /** Where calls begin now. */
  readonly tier: TierName;
  /**
   * Answers from the tier that the service stands on, or from the next one below that can. A last argument that is an AbortSignal is the
   * caller's.
   *
   * @throws the caller's reason when the caller aborts; refusals of ours, as of a budget, as they are. Nothing else.
   */
  call(...args: A): Promise<TierAnswer<R, E>>;
  /** Back to premium at once. */
  recover(): void;
}

/** What a tier says; `undefined` where it has nothing to say to this call. */
type Ask<A, R> = (args: A, input: readonly unknown[]) => Found<R> | Promise<Found<R>>;
type Found<R> = { readonly value: R } | undefined;

interface Tier<A, R> {
  readonly name: TierName;
  readonly ask: Ask<A, R>;
}

/**
 * A service in up to four tiers. A tier that fails is left by all calls, and tried again by one call after a while: when that succeeds, by
 * all. A call goes down as far as it must, so it always gets an answer.
 *
 * Not failures of a tier: what the caller aborts, refusals of ours other than of an open breaker and a timeout, and requests that are wrong
 * (400, 413, 422), which are answered one tier lower. `basic` is never left, since it costs nothing to ask: only the call goes on to `emergency`.
 *
 * @throws RangeError or TypeError that names the option and value.
 */
export function serviceTiers<A extends unknown[], R, E>(
  options: ServiceTiersOptions<A, R, E> & { readonly emergency: TierFunction<A, E> },
): ServiceTiers<A, R, E | undefined>;
export function serviceTiers<A extends unknown[], R, E>(
  options: ServiceTiersOptions<A, R, E>,
): ServiceTiers<A, R, E>;
export function serviceTiers<A extends unknown[], R, E>(
  options: ServiceTiersOptions<A, R, E>,
): ServiceTiers<A, R, E> {
  return new Tiers(options);
}

class Tiers<A extends unknown[], R, E> implements ServiceTiers<A, R, E> {
  readonly #options: ServiceTiersOptions<A, R, E>;
  readonly #tiers: readonly Tier<A, R>[];
  readonly #ladder: TierLadder;
  readonly #cache: CachedAnswers | undefined;

  constructor(options: ServiceTiersOptions<A, R, E>) {
    const recoverAfterMs = checkTiersOptions({ ...options });
    const { cache, clock = systemClock } = options;
    this.#options = options;
    this.#cache =
      cache === undefined ? undefined : new CachedAnswers("serviceTiers: cache", { ...cache, clock });
    this.#tiers = this.#existing();
    const hasBasic = this.#tiers.at(-1)?.name === "basic";
    const floor = hasBasic ? this.#tiers.length - 1 : this.#tiers.length;
    this.#ladder = new TierLadder(floor, recoverAfterMs, clock, () => this.#changed());
  }

  get tier(): TierName {
    return this.#tiers[this.#ladder.level]?.name ?? "emergency";
  }

  recover(): void {
    this.#ladder.recover();
  }

  async call(...args: A): Promise<TierAnswer<R, E>> {
    const last = args.at(-1);
    const signal = last instanceof AbortSignal ? last : NEVER;
    signal.throwIfAborted();
    const input = signal === NEVER ? args : args.slice(0, -1);
    const answer = (await this.#tried(args, input, signal)) ?? (await this.#emergency(args, signal));
    tierCounts.answered(this.#options.name, answer.tier);
    return answer;
  }

  async #tried(
    args: A,
    input: readonly unknown[],
    signal: AbortSignal,
  ): Promise<TierAnswer<R, E> | undefined> {
    let attempt = this.#ladder.begin();
    for (let tier = this.#at(attempt); tier !== undefined; tier = this.#at(attempt)) {
      const found = await this.#ask(tier, attempt, args, input, signal);
      if (found !== undefined) return { value: found.value, tier: tier.name } as TierAnswer<R, E>;
      attempt = this.#ladder.below(attempt);
    }
    return undefined;
  }

  async #ask(
    { ask }: Tier<A, R>,
    attempt: Attempt,
    args: A,
    input: readonly unknown[],
    signal: AbortSignal,
  ): Promise<Found<R>> {
    let found: Found<R>;
    try {
      found = await untilAborted(() => ask(args, input), signal);
    } catch (error) {
      const verdict = signal.aborted ? "refused" : tierVerdict(error);
      if (verdict === "failed") this.#ladder.failed(attempt);
      else this.#ladder.saidNothing(attempt);
      if (verdict === "refused") throw error;
      return undefined;
    }
    if (found === undefined) this.#ladder.saidNothing(attempt);
    else this.#ladder.succeeded(attempt);
    return found;
  }

  async #emergency(args: A, signal: AbortSignal): Promise<TierAnswer<R, E>> {
    const { emergency, name } = this.#options;
    if (typeof emergency !== "function") return { value: copyState(emergency), tier: "emergency" };
    try {
      const value = await untilAborted(() => (emergency as TierFunction<A, E>)(...args), signal);
      return { value, tier: "emergency" };
    } catch (error) {
      signal.throwIfAborted();
      reportFailure(`the emergency tier of ${JSON.stringify(name)}`, error);
      return { value: undefined as E, tier: "emergency" };
    }
  }

  #at({ level }: Attempt): Tier<A, R> | undefined {
    return this.#tiers[level];
  }

  /** All but emergency, which is what comes after them. */
  #existing(): readonly Tier<A, R>[] {
    const { premium, standard, basic, cache } = this.#options;
    const tiers: Tier<A, R>[] = [
      { name: "premium", ask: (args, input) => this.#premium(premium, args, input) },
    ];
    if (standard !== undefined)
      tiers.push({ name: "standard", ask: async (args) => ({ value: await standard(...args) }) });
    if (basic !== undefined || cache !== undefined)
      tiers.push({ name: "basic", ask: (args, input) => this.#basic(args, input) });
    return tiers;
  }

  async #premium(premium: TierFunction<A, R>, args: A, input: readonly unknown[]): Promise<Found<R>> {
    const value = await premium(...args);
    this.#cache?.keep(value, { name: this.#options.name, args: input });
    return { value };
  }

  async #basic(args: A, input: readonly unknown[]): Promise<Found<R>> {
    const { basic, name } = this.#options;
    const cached = this.#cache?.get({ name, args: input });
    if (cached !== undefined) return { value: cached.value as R };
    return basic === undefined ? undefined : { value: await basic(...args) };
  }

  #changed(): void {
    safely("telling the active span of a change of tiers", () => {
      trace.getActiveSpan()?.addEvent(EVENT_TIER_CHANGED, {
        [ATTR_TIER_SERVICE]: this.#options.name,
        [ATTR_TIER]: this.tier,
      });
    });
  }
}
