import type { PriceInput } from "../../cost/price-table-input.ts";
import { type Prices, priceTable } from "../../cost/prices.ts";
import type { TokenUsage } from "../../cost/token-usage.ts";
import { checkName } from "../../internal/check-name.ts";
import { checkBetween, checkWhole } from "../../internal/check-number.ts";
import { COMPLEXITIES, type Complexity } from "./complexity.ts";

/** A model that a router may pick, and what it can do. */
export interface RoutedModel {
  readonly name: string;
  /** `gen_ai.provider.name`, as `openai`. Decides the price where several have the model. */
  readonly provider?: string;
  /** US dollars per million tokens. @default those of `prices` */
  readonly price?: PriceInput;
  /** Input and output tokens together that fit at most. */
  readonly maxContext: number;
  /** Output tokens at most. @default as many as fit */
  readonly maxOutput?: number;
  /** Output tokens a second. */
  readonly tokensPerSecond: number;
  /** The simplest task that it is for. @default 1 */
  readonly minComplexity?: Complexity;
  /** The hardest. @default 5 */
  readonly maxComplexity?: Complexity;
  /** Whether it can call tools. @default false */
  readonly tools?: boolean;
  /** Whether it takes images. @default false */
  readonly vision?: boolean;
  /** Name of its circuit breaker. @default its own name */
  readonly breaker?: string;
}

const MAX_TOKENS = 1e12;
const MAX_SPEED = 1e9;
/** Decisions by complexity, from 1. */
const NO_DECISIONS = [0, 0, 0, 0, 0, 0];

/** One model of a router, checked, with what changes about it. */
export class ModelEntry {
  /** As it was given. */
  readonly model: RoutedModel;
  readonly name: string;
  readonly provider: string | undefined;
  readonly maxContext: number;
  readonly maxOutput: number;
  readonly tokensPerSecond: number;
  readonly minComplexity: number;
  readonly maxComplexity: number;
  readonly tools: boolean;
  readonly vision: boolean;
  readonly breaker: string;
  /** Monotonic milliseconds; not picked before. */
  coolingUntilMs = Number.NEGATIVE_INFINITY;
  /** How often it was picked, by complexity. */
  readonly decisions: number[] = [...NO_DECISIONS];
  readonly #own: Prices | undefined;
  readonly #prices: Prices;

  /** @throws RangeError or TypeError that names the option, what it allows and the value. */
  constructor(model: RoutedModel, prices: Prices) {
    checkName("modelRouter: model", model.name);
    const { name, provider, maxContext, maxOutput = MAX_TOKENS, tokensPerSecond, breaker = name } = model;
    const { minComplexity = 1, maxComplexity = COMPLEXITIES, tools = false, vision = false, price } = model;
    const of = (option: string) => `modelRouter: ${option} of "${name}"`;
    if (provider !== undefined) checkName(of("provider"), provider);
    checkName(of("breaker"), breaker);
    checkWhole(of("maxContext"), maxContext, 1, MAX_TOKENS);
    checkWhole(of("maxOutput"), maxOutput, 1, MAX_TOKENS);
    checkBetween(of("tokensPerSecond"), tokensPerSecond, 0.001, MAX_SPEED);
    checkWhole(of("maxComplexity"), maxComplexity, 1, COMPLEXITIES);
    checkWhole(of("minComplexity"), minComplexity, 1, maxComplexity);
    checkBoolean(of("tools"), tools);
    checkBoolean(of("vision"), vision);
    this.model = model;
    this.name = name;
    this.provider = provider;
    this.maxContext = maxContext;
    this.maxOutput = maxOutput;
    this.tokensPerSecond = tokensPerSecond;
    this.minComplexity = minComplexity;
    this.maxComplexity = maxComplexity;
    this.tools = tools;
    this.vision = vision;
    this.breaker = breaker;
    this.#own = price === undefined ? undefined : priceTable({ [name]: price }, of("price"));
    this.#prices = prices;
  }

  /**
   * @param answered The model that answered, where it is another one than was asked for.
   * @returns Nano-dollars; `undefined` where the price is not known.
   */
  nanoUsd(usage: TokenUsage, atMs: number, answered: string = this.name): number | undefined {
    const prices = this.#own ?? this.#prices;
    const price = this.#own === undefined ? prices.modelPrice(this.provider, answered) : undefined;
    return (price ?? prices.modelPrice(this.provider, this.name))?.nanoUsd(usage, atMs);
  }

  latencyMs(outputTokens: number): number {
    return (outputTokens / this.tokensPerSecond) * 1_000;
  }
}

function checkBoolean(option: string, value: unknown): void {
  if (typeof value !== "boolean")
    throw new TypeError(`${option} must be true or false, got ${String(value)}`);
}
