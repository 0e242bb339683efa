/** Builders of PromQL: they put text together and know nothing of metrics. */

/**
 * Label → what it must match, as a regular expression or a variable of Grafana. What begins with `!` must not match; what begins with `=` is
 * the value itself, as Grafana gives that of a variable with one value: with no character escaped.
 */
export type Matchers = Readonly<Record<string, string>>;

/** `name{label=~"value",…}` */
export function select(name: string, matchers: Matchers = {}): string {
  const all = Object.entries(matchers).map(([label, value]) => {
    if (value.startsWith("!")) return `${label}!~"${value.slice(1)}"`;
    return value.startsWith("=") ? `${label}="${value.slice(1)}"` : `${label}=~"${value}"`;
  });
  return all.length === 0 ? name : `${name}{${all.join(",")}}`;
}

export const increase = (selector: string, range: string): string => `increase(${selector}[${range}])`;
export const rate = (selector: string, range: string): string => `rate(${selector}[${range}])`;

export const sumBy = (labels: readonly string[], expr: string): string =>
  labels.length === 0 ? `sum(${expr})` : `sum by (${labels.join(", ")}) (${expr})`;
export const maxBy = (labels: readonly string[], expr: string): string =>
  labels.length === 0 ? `max(${expr})` : `max by (${labels.join(", ")}) (${expr})`;

/** Copies a label, where it matches. @param template `$1` is the first group of `pattern`. */
export const relabel = (expr: string, to: string, from: string, pattern = "(.+)", template = "$1"): string =>
  `label_replace(${expr}, "${to}", "${template}", "${from}", "${pattern}")`;

/** The first that has a series of these labels. */
export const either = (...exprs: readonly string[]): string => exprs.map((expr) => `(${expr})`).join(" or ");

/** @param q From 0 to 1. @param expr Rates of buckets, by `le` and whatever else is kept. */
export const quantile = (q: number, expr: string): string => `histogram_quantile(${q}, ${expr})`;
