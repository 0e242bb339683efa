import { at, type Data, isMapping, strings, word } from "../data.ts";

/** How a variable gets its values. */
export type Source =
  | { readonly kind: "labels"; readonly label: string; readonly selector?: string }
  | { readonly kind: "query"; readonly expr: string }
  | { readonly kind: "fixed"; readonly values: readonly string[] }
  | { readonly kind: "datasource" }
  | { readonly kind: "unknown"; readonly said: string };

export function sourceOf(variable: Data): Source {
  switch (word(variable, "type")) {
    case "datasource":
      return { kind: "datasource" };
    case "custom":
    case "interval":
      return { kind: "fixed", values: fixedValues(variable) };
    case "constant":
    case "textbox":
      return { kind: "fixed", values: [queryText(variable)] };
    case "query":
      return queried(queryText(variable));
    default:
      return { kind: "unknown", said: word(variable, "type") };
  }
}

/** @returns The expression or call that asks for the values. */
export function queryText(variable: Data): string {
  const query = at(variable, "query");
  return isMapping(query) ? word(query, "query") : typeof query === "string" ? query : "";
}

function queried(text: string): Source {
  const labels = /^label_values\((?:(.+),)?\s*([A-Za-z_]\w*)\s*\)$/s.exec(text.trim());
  if (labels !== null) {
    const selector = labels[1]?.trim();
    return { kind: "labels", label: labels[2]!, ...(selector !== undefined && { selector }) };
  }
  const result = /^query_result\((.+)\)$/s.exec(text.trim());
  return result === null ? { kind: "unknown", said: text } : { kind: "query", expr: result[1]! };
}

/** `a,b` or `Shown : value`. */
function fixedValues(variable: Data): readonly string[] {
  const entries = queryText(variable).split(",");
  return entries.map((entry) => (entry.split(" : ").at(-1) ?? "").trim()).filter((entry) => entry !== "");
}

export const hasAll = (variable: Data): boolean => at(variable, "includeAll") === true;
const isMulti = (variable: Data): boolean => at(variable, "multi") === true;

/** What stands in a query for the chosen values. @param chosen `undefined` for «All». */
export function queryValue(variable: Data, values: readonly string[], chosen?: string): string {
  const regex = isMulti(variable) || hasAll(variable);
  const escaped = (value: string) =>
    regex ? value.replaceAll(/[\\^$*+?.()|[\]{}]/g, "\\\\$&") : value.replaceAll(/["\\]/g, "\\$&");
  if (chosen !== undefined) return escaped(chosen);
  const all = word(variable, "allValue");
  if (all !== "") return all;
  return values.length === 1 ? escaped(values[0]!) : `(${values.map(escaped).join("|")})`;
}

/** The value that a dashboard is opened with, where it says one. */
export function currentValue(variable: Data): string | undefined {
  const current = at(variable, "current", "value");
  const value = typeof current === "string" ? current : strings(variable, "current", "value")[0];
  return value === undefined || value === "" || value === "$__all" ? undefined : value;
}
