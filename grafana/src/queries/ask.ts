import { bucketsOf, countOf, metric as described, label, series } from "../metrics/prometheus-names.ts";
import { type Matchers, maxBy, quantile, rate, select, sumBy } from "./promql.ts";
import { appOf, type Scope } from "./scope.ts";

/** What to ask of one metric. */
export interface Asked {
  /** As in semconv.ts. */
  readonly metric: string;
  /** Attributes to tell apart by, as in semconv.ts. @default none: one series */
  readonly by?: readonly string[];
  /** Attribute → what it must match. */
  readonly where?: Readonly<Record<string, string>>;
  /** Of an agent only where the metric has one: say that with `where`. */
  readonly scope: Pick<Scope, "app">;
}

/** Of a counter, or of what a histogram has observed, at the rate of the moment. */
export const perMinute = (asked: Asked, range: string): string =>
  `60 * ${sumBy(labels(asked), rate(selected(asked), range))}`;

/** The same without series of which nothing happened within the range that is shown. */
export const perMinuteOfSome = (asked: Asked, range: string, shown: string): string =>
  `${perMinute(asked, range)} and ${counted(asked, shown)} > 0`;

/** The same within the range. */
export const counted = (asked: Asked, range: string): string =>
  sumBy(labels(asked), `increase(${selected(asked)}[${range}])`);

/** Of a gauge that adds up over processes. */
export const total = (asked: Asked): string => sumBy(labels(asked), selected(asked));

/** Of a gauge of which the highest process matters. */
export const highest = (asked: Asked): string => maxBy(labels(asked), selected(asked));

/** Of a histogram. @param q From 0 to 1. */
export const quantileOf = (q: number, asked: Asked, range: string): string => {
  const buckets = select(bucketsOf(asked.metric), matchers(asked));
  return quantile(q, sumBy([...labels(asked), "le"], rate(buckets, range)));
};

/** `{{agents_queue_name}}`, for legends. */
export const legend = (...attributes: readonly string[]): string =>
  attributes.map((attribute) => `{{${label(attribute)}}}`).join(" ");

const labels = ({ by = [] }: Asked): readonly string[] => by.map(label);

function selected(asked: Asked): string {
  const { metric } = asked;
  return select(described(metric).kind === "histogram" ? countOf(metric) : series(metric), matchers(asked));
}

function matchers({ where = {}, scope }: Asked): Matchers {
  const more = Object.entries(where).map(([attribute, value]) => [label(attribute), value] as const);
  return { ...appOf(scope), ...Object.fromEntries(more) };
}
