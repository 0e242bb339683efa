import { word } from "../data.ts";
import type { RecordedRun } from "../recorded-run/recorded-run.ts";
import type { Dashboard } from "./dashboard.ts";
import { interpolate, type Times } from "./interpolate.ts";
import { currentValue, hasAll, queryText, queryValue, sourceOf } from "./variables.ts";

export interface Choices {
  /** First «All» of everything, then each value of each variable, the others as they are when the board is opened. */
  readonly sets: readonly Choice[];
  /** Variables that have no value at all. */
  readonly empty: readonly { readonly name: string; readonly values: string }[];
}

export interface Choice {
  /** `undefined` for what the board is opened with. */
  readonly variable?: string;
  readonly value?: string;
  /** Name of a variable → its text in a query. */
  readonly values: ReadonlyMap<string, string>;
}

export async function choices(dashboard: Dashboard, run: RecordedRun, times: Times): Promise<Choices> {
  const opened = new Map<string, string>();
  const found = new Map<string, readonly string[]>();
  const empty: { name: string; values: string }[] = [];
  for (const variable of dashboard.variables) {
    const name = word(variable, "name");
    const values = await valuesOf(sourceOf(variable), run, opened, times);
    found.set(name, values);
    const isData = sourceOf(variable).kind !== "datasource";
    if (values.length === 0 && isData) empty.push({ name, values: queryText(variable) });
    const chosen = hasAll(variable) ? currentValue(variable) : (currentValue(variable) ?? values[0] ?? "");
    opened.set(name, queryValue(variable, values, chosen));
  }
  const single = dashboard.variables.flatMap((variable) => {
    const name = word(variable, "name");
    return (found.get(name) ?? []).map((value) => ({
      variable: name,
      value,
      values: new Map([...opened, [name, queryValue(variable, found.get(name)!, value)]]),
    }));
  });
  return { sets: [{ values: opened }, ...single], empty };
}

async function valuesOf(
  source: ReturnType<typeof sourceOf>,
  run: RecordedRun,
  opened: ReadonlyMap<string, string>,
  times: Times,
): Promise<readonly string[]> {
  switch (source.kind) {
    case "labels":
      return run.labelValues(
        source.label,
        source.selector === undefined ? undefined : interpolate(source.selector, opened, times),
      );
    case "query":
      return (await run.instant(interpolate(source.expr, opened, times))).map(({ metric }) =>
        JSON.stringify(metric),
      );
    case "fixed":
      return source.values;
    default:
      return [];
  }
}
