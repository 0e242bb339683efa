import { onCall } from "../../src/index.ts";

/** How one counts calls at first: a series for each name that comes along. */
export function callsByName(): { readonly series: ReadonlyMap<string, number>; stop(): void } {
  const series = new Map<string, number>();
  const stop = onCall(({ operation, agent = "" }) => {
    if (operation === "invoke_agent") series.set(agent, (series.get(agent) ?? 0) + 1);
  });
  return { series, stop };
}
