import type { ModelRefusal } from "../../errors/no-eligible-model-error.ts";
import type { Judged } from "./choose.ts";
import type { RouterReason } from "./eligibility.ts";
import type { Moment } from "./judge.ts";

/** Reasons that time takes away, and we know when. */
const PASSING: readonly RouterReason[] = ["cooling", "budget"];

/** What to tell of models none of which may be taken. `complexity` is left out: it never was the reason. */
export function refusalsOf(
  judged: readonly Judged[],
  moment: Moment,
  budgetNanoUsd: number,
): readonly ModelRefusal[] {
  return judged.map((each) => {
    const { name: model, provider } = each.entry;
    const reasons = each.reasons.filter((reason) => reason !== "complexity");
    return { model, provider, reasons, retryAfterMs: retryAfterMs(each, reasons, moment, budgetNanoUsd) };
  });
}

function retryAfterMs(
  { entry, nanoUsd }: Judged,
  reasons: readonly RouterReason[],
  { wallMs, monotonicMs, month }: Moment,
  budgetNanoUsd: number,
): number | undefined {
  if (!reasons.every((reason) => PASSING.includes(reason))) return undefined;
  const coolingMs = Math.max(0, entry.coolingUntilMs - monotonicMs);
  if (!reasons.includes("budget")) return coolingMs;
  // Dearer than the budget of a whole month.
  if (nanoUsd === undefined || nanoUsd > budgetNanoUsd) return undefined;
  return Math.max(coolingMs, month.month.endMs - wallMs);
}
