import type { ShownTime } from "./dashboard-text.ts";

export type Labels = Readonly<Record<string, string>>;
export interface Row {
  readonly metric: Labels;
  /** Seconds since the epoch, and the value. */
  readonly value: readonly [number, string];
}
export interface Line {
  readonly metric: Labels;
  readonly values: readonly (readonly [number, string])[];
}
export interface ExemplarSeries {
  readonly seriesLabels: Labels;
  readonly exemplars: readonly { readonly labels: Labels; readonly value: string }[];
}

/** Asks Prometheus as Grafana's data source does. Each throws an Error with what Prometheus said. */
export interface PrometheusAnswers {
  instant(query: string, atS: number): Promise<readonly Row[]>;
  range(query: string, time: ShownTime): Promise<readonly Line[]>;
  exemplars(query: string, time: ShownTime): Promise<readonly ExemplarSeries[]>;
  labelValues(label: string, selector: string | undefined, time: ShownTime): Promise<readonly string[]>;
}

export function prometheusAnswers(url: string): PrometheusAnswers {
  const ask = async <T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> => {
    // The queries of a graph are too long for a URL.
    const isPost = path.startsWith("query");
    const body = new URLSearchParams(parameters);
    const address = `${url}/api/v1/${path}`;
    const response = await (isPost ? fetch(address, { method: "POST", body }) : fetch(`${address}?${body}`));
    const answer = (await response.json()) as { readonly data?: T; readonly error?: string };
    if (!response.ok) throw new Error(`${answer.error}\nin ${parameters["query"]}`);
    return answer.data as T;
  };
  const between = ({ fromS, toS }: ShownTime) => ({ start: String(fromS), end: String(toS) });
  return {
    async instant(query, atS) {
      const data = await ask<{ readonly resultType: string; readonly result: unknown }>("query", {
        query,
        time: String(atS),
      });
      if (data.resultType === "scalar") return [{ metric: {}, value: data.result as Row["value"] }];
      return data.result as readonly Row[];
    },
    async range(query, time) {
      const words = { query, ...between(time), step: String(time.stepS) };
      return (await ask<{ readonly result: readonly Line[] }>("query_range", words)).result;
    },
    exemplars: (query, time) => ask("query_exemplars", { query, ...between(time) }),
    labelValues: (label, selector, time) =>
      ask(`label/${label}/values`, { ...between(time), ...(selector && { "match[]": selector.trim() }) }),
  };
}
