import type { Attributes } from "@opentelemetry/api";
import { LabelValues } from "../../telemetry/call-metrics/label-values.ts";
import { CounterFamily } from "../../telemetry/counter-family.ts";
import type { MetricSources, SourceInstrument } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";
import type { TokenPool } from "./token-pool.ts";

const MAX_NAMES = 200;

/** What a budget has to tell when metrics are collected. */
export interface BudgetFacts {
  readonly name: string;
  readonly pool: TokenPool;
}

/**
 * What the budgets of one set of metrics tell. A budget belongs to a session and there may be thousands of a name: those that live are
 * added up, and one that nobody holds any more is gone, closed or not. Refusals are counted beyond the life of their budget.
 */
export class TokenBudgetMetrics {
  readonly #budgets = new Set<WeakRef<BudgetFacts>>();
  readonly #gone = new FinalizationRegistry<WeakRef<BudgetFacts>>((ref) => this.#budgets.delete(ref));
  readonly #labels = new LabelValues(MAX_NAMES, [0, 1]);
  readonly #rejections = new CounterFamily({
    name: names.METRIC_TOKEN_BUDGET_REJECTIONS,
    unit: "{request}",
    description: "Requests for tokens that were granted in part or not at all.",
    labels: [names.ATTR_TOKEN_BUDGET_NAME, names.ATTR_TOKEN_BUDGET_AGENT],
    names: [0, 1],
  });

  /** @returns Takes it out again. */
  add(budget: BudgetFacts): () => void {
    const ref = new WeakRef(budget);
    this.#budgets.add(ref);
    this.#gone.register(budget, ref);
    return () => {
      this.#budgets.delete(ref);
    };
  }

  rejected(budget: string, agent: string): void {
    this.#rejections.add([budget, agent]);
  }

  collect(): readonly SourceInstrument[] {
    const [limit, granted, used] = [new Sums(), new Sums(), new Sums()];
    for (const ref of this.#budgets) {
      const budget = ref.deref();
      if (budget === undefined) continue;
      const name = { [names.ATTR_TOKEN_BUDGET_NAME]: this.#labels.admit(0, budget.name) };
      limit.add(name, budget.pool.total);
      for (const account of budget.pool.accounts.values()) {
        const labels = { ...name, [names.ATTR_TOKEN_BUDGET_AGENT]: this.#labels.admit(1, account.agent) };
        granted.add(labels, account.granted);
        used.add(labels, account.used);
      }
    }
    return [
      gauge(names.METRIC_TOKEN_BUDGET_LIMIT, "Tokens of the budgets that are in use.", limit),
      gauge(names.METRIC_TOKEN_BUDGET_GRANTED, "Tokens granted and neither used nor given back.", granted),
      gauge(names.METRIC_TOKEN_BUDGET_USED, "Tokens used of the budgets that are in use.", used),
      this.#rejections.instrument(),
    ].filter(({ points }) => points.length > 0);
  }
}

/** Weak: they live as long as the metrics that they belong to. */
const known = new WeakMap<MetricSources, TokenBudgetMetrics>();

/** Those of all token budgets that tell their metrics there. */
export function tokenBudgetMetrics(sources: MetricSources): TokenBudgetMetrics {
  let metrics = known.get(sources);
  if (metrics === undefined) {
    metrics = new TokenBudgetMetrics();
    known.set(sources, metrics);
    sources.add(() => tokenBudgetMetrics(sources).collect());
  }
  return metrics;
}

function gauge(name: string, description: string, sums: Sums): SourceInstrument {
  return { kind: "gauge", name, unit: "{token}", description, whole: true, points: sums.points() };
}

/** One sum for each set of attributes. */
class Sums {
  readonly #points = new Map<string, { readonly attributes: Attributes; value: number }>();

  add(attributes: Attributes, value: number): void {
    const key = JSON.stringify(Object.values(attributes));
    const point = this.#points.get(key);
    if (point === undefined) this.#points.set(key, { attributes, value });
    else point.value += value;
  }

  points(): readonly { readonly attributes: Attributes; readonly value: number }[] {
    return [...this.#points.values()];
  }
}
