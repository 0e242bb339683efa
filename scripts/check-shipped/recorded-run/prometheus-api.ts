import type { Labels, Point, RecordedRun } from "./recorded-run.ts";

type Answers = Omit<RecordedRun, "close">;

/** Asks a Prometheus. The same question is asked once: planted faults leave most questions as they were. */
export function prometheusApi(url: string, fromMs: number, toMs: number): Answers {
  const asked = new Map<string, Promise<Answer>>();
  const remarks = new Map<string, Set<string>>();
  const seconds = (ms: number) => String(ms / 1000);
  const whole = { start: seconds(fromMs), end: seconds(toMs) };
  const ask = async (path: string, words: Readonly<Record<string, string>>): Promise<unknown> => {
    const key = `${path}?${new URLSearchParams(words)}`;
    const pending = asked.get(key) ?? fetchAnswer(`${url}/api/v1/${path}`, words);
    asked.set(key, pending);
    const { data, infos = [], warnings = [] } = await pending;
    const { query } = words;
    if (query !== undefined)
      remarks.set(query, new Set([...(remarks.get(query) ?? []), ...infos, ...warnings]));
    return data;
  };
  return {
    fromMs,
    toMs,
    async instant(query, atMs = toMs) {
      const data = (await ask("query", { query, time: seconds(atMs) })) as Result<{ readonly value: Point }>;
      if (data.resultType === "scalar") return [{ metric: {}, value: data.result as unknown as Point }];
      return data.result;
    },
    async range(query, start, end, stepS) {
      const words = { query, start: seconds(start), end: seconds(end), step: String(stepS) };
      return ((await ask("query_range", words)) as Result<{ readonly values: readonly Point[] }>).result;
    },
    async labelValues(label, selector) {
      const words = selector === undefined ? whole : { ...whole, "match[]": selector };
      return (await ask(`label/${label}/values`, words)) as readonly string[];
    },
    remarksOn: (query) => [...(remarks.get(query) ?? [])],
  };
}

interface Result<T> {
  readonly resultType: string;
  readonly result: readonly (T & { readonly metric: Labels })[];
}

interface Answer {
  readonly data?: unknown;
  readonly error?: string;
  readonly infos?: readonly string[];
  readonly warnings?: readonly string[];
}

async function fetchAnswer(url: string, words: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(`${url}?${new URLSearchParams(words)}`);
  const answer = (await response.json()) as Answer;
  if (!response.ok) throw new Error(answer.error ?? `Prometheus answered ${response.status}`);
  return answer;
}
