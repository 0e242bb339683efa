import type { ClaimRequest, RunRecord } from "./checkpoint-store.ts";
import { leaseLeft } from "./lease.ts";

/** Crashes of a run, and how many of its steps were committed when they were counted. */
export interface CrashCount {
  readonly crashes: number;
  readonly crashedStep: number;
}

/** What decides who gets a run. */
export interface Claimable extends CrashCount {
  readonly run: Pick<RunRecord, "status" | "workflow" | "program" | "owner" | "leaseUntilMs">;
  /** Steps that are committed now. */
  readonly steps: number;
}

export type ClaimDecision =
  | { readonly kind: "held"; readonly owner: string; readonly forMs: number }
  | { readonly kind: "completed" | "cancelled" }
  /** `marks`: the run needs attention from now on. */
  | { readonly kind: "changed"; readonly marks: boolean }
  | ({ readonly kind: "crashed" | "claimed" } & CrashCount);

/**
 * Who gets a run that is there: the same with every driver.
 *
 * Another program hears so at once. It changes nothing where the run is over, or its owner still works on it.
 */
export function decideClaim(
  found: Claimable,
  { workflow, program, maxCrashes }: Pick<ClaimRequest, "workflow" | "program" | "maxCrashes">,
  nowMs: number,
): ClaimDecision {
  const { status, owner, leaseUntilMs } = found.run;
  const forMs = leaseLeft(leaseUntilMs, nowMs);
  if (found.run.workflow !== workflow || found.run.program !== program)
    return { kind: "changed", marks: forMs === 0 && (status === "running" || status === "failed") };
  if (status === "completed" || status === "cancelled") return { kind: status };
  if (forMs > 0) return { kind: "held", owner, forMs };
  // Who gave it up has said so; who did not has vanished.
  const crashes = crashesOf(found) + (leaseUntilMs === 0 ? 0 : 1);
  return { kind: crashes > maxCrashes ? "crashed" : "claimed", crashes, crashedStep: found.steps };
}

/** A step that was committed since forgets the crashes before it. */
export function crashesOf({ crashes, crashedStep, steps }: CrashCount & { readonly steps: number }): number {
  return steps > crashedStep ? 0 : crashes;
}
