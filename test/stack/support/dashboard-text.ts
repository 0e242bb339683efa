import type { Variable } from "./dashboard-file.ts";

/** What a dashboard shows: seconds since the epoch. */
export interface ShownTime {
  readonly fromS: number;
  readonly toS: number;
  /** Seconds between two points of a graph. */
  readonly stepS: number;
  /** How often is scraped, as the data source has it. */
  readonly scrapeS: number;
}

/** What is chosen: the values of each variable, or `all`. */
export type Chosen = ReadonlyMap<
  string,
  { readonly variable: Variable; readonly values: readonly string[] | "all" }
>;

const REFERENCE = /\$(\w+)|\$\{(\w+)(?::(\w+))?\}|\[\[(\w+)(?::(\w+))?\]\]/g;

/**
 * Puts values in the place of variables as Grafana does for Prometheus: several are `(a|b)`, with what means something in a regular
 * expression escaped twice, since the result stands in a string of PromQL.
 */
export function interpolated(text: string, chosen: Chosen, time: ShownTime): string {
  return text.replace(REFERENCE, (whole, plain?: string, braced?: string, format?: string, old?: string) => {
    const name = plain ?? braced ?? old ?? "";
    const own = ofTime(name, time);
    if (own !== undefined) return own;
    const found = chosen.get(name);
    return found === undefined ? whole : valueText(found.variable, found.values, format);
  });
}

/** @see https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/ for `$__rate_interval`. */
function ofTime(name: string, { fromS, toS, stepS, scrapeS }: ShownTime): string | undefined {
  const rangeS = Math.round(toS - fromS);
  switch (name) {
    case "__range":
      return `${rangeS}s`;
    case "__range_s":
      return String(rangeS);
    case "__range_ms":
      return String(rangeS * 1_000);
    case "__interval":
      return `${stepS}s`;
    case "__interval_ms":
      return String(stepS * 1_000);
    case "__rate_interval":
      return `${Math.max(stepS + scrapeS, 4 * scrapeS)}s`;
    default:
      return undefined;
  }
}

function valueText(variable: Variable, values: readonly string[] | "all", format?: string): string {
  const { multi = false, includeAll = false, allValue } = variable;
  // What stands for all is never escaped.
  if (values === "all") return allValue ?? ".*";
  if (format === "raw") return values.join(",");
  if (format === "regex") return oneOf(values.map(regexEscaped));
  if (!multi && !includeAll) return values.map((value) => value.replaceAll(/[\\"']/g, "\\$&")).join(",");
  return oneOf(values.map((value) => regexEscaped(value).replaceAll("\\", "\\\\")));
}

const oneOf = (values: readonly string[]): string =>
  values.length === 1 ? values[0]! : `(${values.join("|")})`;
const regexEscaped = (value: string): string => value.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
