import { METRICS, type Metric } from "./catalogue.ts";

/**
 * How the collector's Prometheus exporter spells a metric or an attribute: `_` for what is not a letter or digit, then the unit, then `_total`
 * for counters; annotations such as `{USD}` leave nothing behind.
 * See opentelemetry-collector-contrib, pkg/translator/prometheus.
 */
const UNITS: Readonly<Record<string, string>> = { s: "_seconds", By: "_bytes", "1": "_ratio" };

const spelled = (name: string): string => name.replaceAll(/[^a-zA-Z0-9_]/g, "_");

const byName: ReadonlyMap<string, Metric> = new Map(METRICS.map((metric) => [metric.name, metric]));

/** @throws Error where the name is not one of semconv.ts. */
export function metric(name: string): Metric {
  const found = byName.get(name);
  if (found === undefined) throw new Error(`no metric of the catalogue is called ${JSON.stringify(name)}`);
  return found;
}

/** The label of an attribute: `gen_ai.agent.name` → `gen_ai_agent_name`. */
export const label = spelled;

/** The series of a counter or gauge. @throws Error for a histogram, which has three. */
export function series(name: string): string {
  const { kind } = metric(name);
  if (kind === "histogram") throw new Error(`${name} is a histogram: ask for its count, sum or buckets`);
  return `${base(name)}${kind === "counter" ? "_total" : ""}`;
}

/** The series of a histogram. @throws Error for another kind. */
export const countOf = (name: string): string => `${histogram(name)}_count`;
export const sumOf = (name: string): string => `${histogram(name)}_sum`;
export const bucketsOf = (name: string): string => `${histogram(name)}_bucket`;

/** Every series of a metric. */
export function seriesOf({ name, kind }: Metric): readonly string[] {
  return kind === "histogram" ? [countOf(name), sumOf(name), bucketsOf(name)] : [series(name)];
}

function histogram(name: string): string {
  if (metric(name).kind !== "histogram") throw new Error(`${name} is no histogram`);
  return base(name);
}

function base(name: string): string {
  const suffix = UNITS[metric(name).unit] ?? "";
  const told = spelled(name);
  // A name that ends in its unit gets it no second time: `agents.spool.bytes`.
  return told.endsWith(suffix) ? told : `${told}${suffix}`;
}
