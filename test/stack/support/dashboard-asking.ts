import { yesterdayIsNow } from "./dashboard-exceptions.ts";
import { type Dashboard, prometheusTargets, type Target } from "./dashboard-file.ts";
import type { PrometheusAnswers } from "./dashboard-prometheus.ts";
import { type Chosen, interpolated, type ShownTime } from "./dashboard-text.ts";

/** A query, and where it stands. */
export interface Asked {
  readonly where: string;
  readonly target: Target;
}

/** Everything that a dashboard asks of Prometheus, annotations included, but for the values of variables. */
export function askedBy(dashboard: Dashboard): readonly Asked[] {
  const ofPanels = prometheusTargets(dashboard).map(([{ title, id }, target]) => ({
    where: `${title} (${id}), ${target.refId}`,
    target,
  }));
  const ofAnnotations = dashboard.annotations
    .filter(({ datasource }) => datasource?.type === "prometheus")
    .map(({ name, expr, target }) => ({
      where: `annotation ${name}`,
      target: { refId: "Anno", expr: expr ?? target?.expr ?? "" },
    }));
  return [...ofPanels, ...ofAnnotations];
}

/** Asks as a dashboard does, the same question once. */
export class DashboardQuestions {
  readonly #prometheus: PrometheusAnswers;
  readonly #time: ShownTime;
  readonly #answers = new Map<string, Promise<boolean>>();

  constructor(prometheus: PrometheusAnswers, time: ShownTime) {
    this.#prometheus = prometheus;
    this.#time = time;
  }

  /** @returns Those without any number in the answer. @throws Error with what Prometheus said, and where the query stands. */
  async empty(asked: readonly Asked[], chosen: Chosen): Promise<readonly string[]> {
    const empty: string[] = [];
    for (const { where, target } of asked)
      if (!(await this.hasData(where, target, chosen))) empty.push(where);
    return empty;
  }

  async hasData(where: string, { expr = "", instant = false }: Target, chosen: Chosen): Promise<boolean> {
    const query = yesterdayIsNow(interpolated(expr, chosen, this.#time));
    const key = `${instant} ${query}`;
    const known = this.#answers.get(key) ?? this.#ask(query, instant);
    this.#answers.set(key, known);
    try {
      return await known;
    } catch (error) {
      throw new Error(`${where}: ${String(error)}`);
    }
  }

  async #ask(query: string, instant: boolean): Promise<boolean> {
    if (instant) {
      const rows = await this.#prometheus.instant(query, this.#time.toS);
      return rows.some(({ value }) => isNumber(value[1]));
    }
    const lines = await this.#prometheus.range(query, this.#time);
    return lines.some(({ values }) => values.some(([, value]) => isNumber(value)));
  }
}

const isNumber = (value: string): boolean => !Number.isNaN(Number(value));
