import type { Eligible, Judged } from "./choose.ts";
import type { RouteTask } from "./route-task.ts";
import type { ModelEstimate, RouterDecision } from "./router-decision.ts";

const NANO = 1e9;

interface Chosen {
  readonly pick: Eligible;
  /** Those that could be taken. */
  readonly able: readonly Eligible[];
  readonly judged: readonly Judged[];
  readonly pinned: boolean;
}

export function decisionOf(
  router: string,
  { complexity }: RouteTask,
  { pick, able, judged, pinned }: Chosen,
): RouterDecision {
  return {
    router,
    ...estimateOf(pick),
    complexity,
    relaxed: pick.reasons.length > 0,
    pinned,
    alternatives: able.filter((each) => each !== pick).map(estimateOf),
    passedOver: judged
      .filter((each) => each !== pick && !able.includes(each as Eligible))
      .map(({ entry, reasons }) => ({ model: entry.name, provider: entry.provider, reasons })),
  };
}

function estimateOf({ entry, nanoUsd, latencyMs }: Eligible): ModelEstimate {
  const { name: model, provider } = entry;
  return { model, provider, estimatedCostUsd: nanoUsd / NANO, estimatedLatencyMs: latencyMs };
}
