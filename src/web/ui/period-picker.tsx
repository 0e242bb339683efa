import type { Period } from "../../server/api/common.ts";
import { usePeriod, useSetQuery } from "../router/use-route.ts";
import { Segmented } from "./segmented.tsx";

const OPTIONS: readonly (readonly [Period, string])[] = [
  ["hourly", "Hour"],
  ["daily", "Today"],
  ["weekly", "Week"],
  ["monthly", "Month"],
];

/** How a period is called in a sentence. Days are UTC's, as the server counts. */
export const PERIOD_NAMES: Readonly<Record<Period, string>> = {
  hourly: "in the last hour",
  daily: "today (UTC)",
  weekly: "this week (UTC)",
  monthly: "this month (UTC)",
};

export function PeriodPicker() {
  const period = usePeriod();
  const setQuery = useSetQuery();
  return (
    <Segmented
      label="Period"
      options={OPTIONS}
      value={period}
      onChange={(next) => setQuery({ period: next === "daily" ? undefined : next })}
    />
  );
}
