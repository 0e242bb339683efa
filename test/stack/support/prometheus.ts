import type { Counts } from "./ledger.ts";

interface Answer {
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

/** Sums a metric by labels, and gives `label|label` → value, without the zeros. Absent labels read as "". */
export async function sumBy(
  prometheus: string,
  metric: string,
  labels: readonly string[],
  filter = "",
): Promise<Counts> {
  const query = `sum by (${labels.join(", ")}) (${metric}{${filter}})`;
  const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`);
  if (!response.ok)
    throw new Error(`Prometheus answered ${response.status} to ${query}: ${await response.text()}`);
  const { data } = (await response.json()) as Answer;
  const entries = data.result.map(({ metric: found, value }): [string, number] => [
    labels.map((label) => found[label] ?? "").join("|"),
    Number(value[1]),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== 0));
}
