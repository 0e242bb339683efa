/** What Grafana puts in place of its own variables. */
export interface Times {
  readonly fromMs: number;
  readonly toMs: number;
  /** Seconds between two points of a graph. */
  readonly stepS: number;
  readonly rateIntervalS: number;
}

const VARIABLE = /\$(\w+)|\$\{(\w+)(?:\.[^:}]*)?(?::\w+)?\}|\[\[(\w+)\]\]/g;

/** Variables that a text names, without Grafana's own (`__…`) and without the groups of regular expressions (`$1`). */
export function variablesIn(text: string): readonly string[] {
  const names = [...text.matchAll(VARIABLE)].map(
    ([, plain, braced, square]) => plain ?? braced ?? square ?? "",
  );
  return [...new Set(names.filter((name) => !/^(__|\d)/.test(name)))];
}

/** @param values Name → text, as it stands in the query. A name that is not in there stays as it is, as in Grafana. */
export function interpolate(text: string, values: ReadonlyMap<string, string>, times: Times): string {
  const own = ownVariables(times);
  return text.replace(VARIABLE, (whole, plain?: string, braced?: string, square?: string) => {
    const name = plain ?? braced ?? square ?? "";
    return own.get(name) ?? values.get(name) ?? whole;
  });
}

function ownVariables({ fromMs, toMs, stepS, rateIntervalS }: Times): ReadonlyMap<string, string> {
  const rangeMs = toMs - fromMs;
  return new Map([
    ["__range", `${Math.round(rangeMs / 1000)}s`],
    ["__range_s", String(Math.round(rangeMs / 1000))],
    ["__range_ms", String(rangeMs)],
    ["__interval", `${stepS}s`],
    ["__interval_ms", String(stepS * 1000)],
    ["__rate_interval", `${rateIntervalS}s`],
    ["__from", String(fromMs)],
    ["__to", String(toMs)],
    ["__all", ".*"],
  ]);
}
