import type { Dashboard, Variable } from "./dashboard-file.ts";
import type { PrometheusAnswers } from "./dashboard-prometheus.ts";
import { type Chosen, interpolated, type ShownTime } from "./dashboard-text.ts";

/** A variable with the values that one may choose. */
export interface Choices {
  readonly variable: Variable;
  readonly values: readonly string[];
}

/** Asks for the values of each variable with all that stand before it at «All», as a dashboard does that is opened. */
export async function choicesOf(
  dashboard: Dashboard,
  prometheus: PrometheusAnswers,
  time: ShownTime,
): Promise<readonly Choices[]> {
  const found: Choices[] = [];
  for (const variable of dashboard.variables) {
    const values = await valuesOf(variable, prometheus, opened(found), time);
    found.push({ variable, values });
  }
  return found;
}

/** «All» where there is such a choice; else what the dashboard is opened with. @param only One value of one variable instead. */
export function opened(
  choices: readonly Choices[],
  only?: { readonly name: string; readonly value: string },
): Chosen {
  return new Map(
    choices.map(({ variable, values }) => {
      const { name, includeAll } = variable;
      const chosen =
        only?.name === name ? [only.value] : includeAll ? ("all" as const) : initial(variable, values);
      return [name, { variable, values: chosen }];
    }),
  );
}

function initial({ current }: Variable, values: readonly string[]): readonly string[] {
  const value = current?.value;
  const first = Array.isArray(value) ? (value as readonly string[])[0] : (value as string | undefined);
  return [first || values[0] || ""];
}

async function valuesOf(
  { type, name, query = "", regex = "" }: Variable,
  prometheus: PrometheusAnswers,
  chosen: Chosen,
  time: ShownTime,
): Promise<readonly string[]> {
  const text = typeof query === "string" ? query : query.query;
  if (type === "datasource" || type === "textbox" || type === "constant") return [text];
  if (type === "custom" || type === "interval")
    return text.split(",").map((each) => each.split(" : ").at(-1)!.trim());
  if (type !== "query") throw new Error(`variable ${name} has the type ${type}, which is not known here`);
  const asked = interpolated(text, chosen, time);
  const labels = /^label_values\((?:(.+),)?\s*(\w+)\s*\)$/s.exec(asked);
  if (labels !== null) return matching(await prometheus.labelValues(labels[2]!, labels[1], time), regex);
  const result = /^query_result\((.+)\)$/s.exec(asked);
  if (result === null) throw new Error(`variable ${name} asks ${asked}, which is not known here`);
  const rows = await prometheus.instant(result[1]!, time.toS);
  return matching(
    rows.map(({ metric, value }) => {
      const { __name__ = "", ...rest } = metric;
      const text = Object.entries(rest).map(([label, value]) => `${label}="${value}"`);
      return `${__name__}{${text.join(",")}} ${value[1]} ${value[0] * 1_000}`;
    }),
    regex,
  );
}

/** The first group of the expression, where it has one. */
function matching(values: readonly string[], regex: string): readonly string[] {
  if (regex === "") return values;
  const [, body, flags] = /^\/(.*)\/(\w*)$/s.exec(regex) ?? [regex, `^${regex}$`, ""];
  const found = values.flatMap((value) => {
    const match = new RegExp(body!, flags!.replace("g", "")).exec(value);
    return match === null ? [] : [match[1] ?? match[0]];
  });
  return [...new Set(found)];
}
