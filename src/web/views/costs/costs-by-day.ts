import type { TokenTrend } from "../../../server/api/usage.ts";
import { agentColor, type ThemeColor } from "../../color/agent-color.ts";

const MOST = 8;
const OTHERS: ThemeColor = { light: "#8a93a3", dark: "#7b8597" };

interface DaySeries {
  readonly times: readonly number[];
  readonly series: readonly {
    readonly name: string;
    readonly color: ThemeColor;
    readonly values: readonly number[];
  }[];
}

/** The dearest eight over all days, the dearest first, and one line for all others. */
export function costsByDay({ items }: TokenTrend, by: "agent" | "model"): DaySeries {
  const groups = items.map((day) => new Map(day[`by_${by}`].map(({ name, cost_usd }) => [name, cost_usd])));
  const sums = new Map<string, number>();
  for (const group of groups) for (const [name, usd] of group) sums.set(name, (sums.get(name) ?? 0) + usd);
  const names = [...sums].sort(([, one], [, other]) => other - one).map(([name]) => name);
  const shown = names.slice(0, MOST).map((name) => ({
    name,
    color: agentColor(name),
    values: groups.map((group) => group.get(name) ?? 0),
  }));
  const rest = names.slice(MOST);
  const others = {
    name: `${rest.length} others`,
    color: OTHERS,
    values: groups.map((group) => rest.reduce((sum, name) => sum + (group.get(name) ?? 0), 0)),
  };
  return {
    times: items.map(({ date }) => Date.parse(`${date}T00:00:00Z`)),
    series: rest.length === 0 ? shown : [...shown, others],
  };
}
