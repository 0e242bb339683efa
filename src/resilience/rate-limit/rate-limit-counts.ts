import type { RateRule } from "../../stores/rate-limits/rate-rule.ts";
import { HistogramCell } from "../../telemetry/call-metrics/cells.ts";
import { LabelValues } from "../../telemetry/call-metrics/label-values.ts";
import type { MetricSources, SourceInstrument } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";

const REASONS = ["rate", "paused", "queue_full", "deadline", "store"] as const;
type Reason = (typeof REASONS)[number];
const MAX_NAMES = 200;
const WINDOWS = {
  perSecond: "second",
  perMinute: "minute",
  perDay: "day",
  tokensPerMinute: "minute",
  tokensPerDay: "day",
} as const;

/** What limiters of one name have done. Plain fields, since each call adds to one. */
export class LimiterCounts {
  admitted = 0;
  waiting = 0;
  pauses = 0;
  storeFailures = 0;
  readonly rejections: Record<Reason, number> = { rate: 0, paused: 0, queue_full: 0, deadline: 0, store: 0 };
  /** Of the one that was made last. */
  rules: readonly RateRule[] = [];
  /** Seconds. */
  readonly wait = new HistogramCell(names.BUCKETS_CLIENT_SECONDS);
}

/**
 * The counts of all limiters that tell one reader. By name and not by limiter: one that is made anew for each request is no leak, and
 * what one has counted outlives it.
 */
class RateLimitCounts {
  readonly #labels = new LabelValues(MAX_NAMES, [0]);
  readonly #counts = new Map<string, LimiterCounts>();

  of(limiter: string): LimiterCounts {
    const label = this.#labels.admit(0, limiter) ?? "";
    const known = this.#counts.get(label);
    if (known !== undefined) return known;
    const counts = new LimiterCounts();
    this.#counts.set(label, counts);
    return counts;
  }

  instruments(): readonly SourceInstrument[] {
    const all = [...this.#counts].map(([name, counts]) => ({
      attributes: { [names.ATTR_RATE_LIMIT_NAME]: name },
      counts,
    }));
    const points = (field: "admitted" | "waiting" | "pauses" | "storeFailures") =>
      all.map(({ attributes, counts }) => ({ attributes, value: counts[field] }));
    const rejections = all.flatMap(({ attributes, counts }) =>
      // With 0 from the start: else the first refusal is no increase.
      REASONS.map((reason) => ({
        attributes: { ...attributes, [names.ATTR_RATE_LIMIT_REASON]: reason },
        value: counts.rejections[reason],
      })),
    );
    const limits = (of: RateRule["of"]) =>
      all.flatMap(({ attributes, counts }) =>
        counts.rules
          .filter((rule) => rule.of === of)
          .map(({ name, amount }) => ({
            attributes: { ...attributes, [names.ATTR_RATE_LIMIT_WINDOW]: WINDOWS[name] },
            value: amount,
          })),
      );
    return [
      gauge(names.METRIC_RATE_LIMIT_LIMIT, "{call}", "Calls that are allowed in a window.", limits("calls")),
      gauge(
        names.METRIC_RATE_LIMIT_TOKEN_LIMIT,
        "{token}",
        "Tokens that are allowed in a window.",
        limits("tokens"),
      ),
      counter(
        names.METRIC_RATE_LIMIT_ADMITTED,
        "{call}",
        "Calls that a rate limit let through.",
        points("admitted"),
      ),
      counter(names.METRIC_RATE_LIMIT_REJECTIONS, "{call}", "Calls that a rate limit refused.", rejections),
      counter(
        names.METRIC_RATE_LIMIT_PAUSES,
        "{pause}",
        "Pauses that providers asked for.",
        points("pauses"),
      ),
      counter(
        names.METRIC_RATE_LIMIT_STORE_FAILURES,
        "{failure}",
        "Times that the store of a rate limit could not be reached.",
        points("storeFailures"),
      ),
      gauge(
        names.METRIC_RATE_LIMIT_WAITING,
        "{call}",
        "Calls that wait for a rate limit.",
        points("waiting"),
      ),
      {
        kind: "histogram",
        name: names.METRIC_RATE_LIMIT_WAIT,
        unit: "s",
        description: "How long calls waited for a rate limit that had to wait and were let through.",
        whole: false,
        points: all.map(({ attributes, counts }) => ({ attributes, cell: counts.wait })),
      },
    ].filter((instrument): instrument is SourceInstrument => instrument.points.length > 0);
  }
}

type Points = readonly { readonly attributes: Record<string, string>; readonly value: number }[];

function counter(name: string, unit: string, description: string, points: Points): SourceInstrument {
  return { kind: "counter", name, unit, description, whole: true, points };
}

function gauge(name: string, unit: string, description: string, points: Points): SourceInstrument {
  return { kind: "gauge", name, unit, description, whole: true, points };
}

/** One for each reader, for as long as that lives. */
const known = new WeakMap<MetricSources, RateLimitCounts>();

/** Where limiters of that name count. The first one makes itself known to the reader. */
export function countsOf(metrics: MetricSources, limiter: string, rules: readonly RateRule[]): LimiterCounts {
  let counts = known.get(metrics);
  if (counts === undefined) {
    const made = new RateLimitCounts();
    metrics.add(() => made.instruments());
    known.set(metrics, made);
    counts = made;
  }
  const own = counts.of(limiter);
  own.rules = rules;
  return own;
}
