import { wait } from "../../internal/late-files.ts";
import type { Claim, ClaimRequest } from "../checkpoints/checkpoint-store.ts";
import { type ClaimDecision, decideClaim } from "../checkpoints/decide-claim.ts";
import { type FoundRun, type RunFolders, shownRun } from "./run-folders.ts";
import type { RunState } from "./run-text.ts";

/** Who has taken a run writes so at once. Who has not after so many looks has ended in between. */
const SETTLING_LOOKS = 50;
const SETTLING_MS = 20;

/** @returns `undefined`: another one was quicker, and has it, or had it. */
export async function claimRun(
  runs: RunFolders,
  now: () => number,
  hash: string,
  request: ClaimRequest,
): Promise<Claim | undefined> {
  const found = await settled(runs, hash);
  if (found === undefined) return begin(runs, now(), hash, request);
  const decision = decide(found, request, now(), isSettled(found));
  if (decision.kind === "held") return decision;
  if (decision.kind === "completed") {
    const steps = await runs.steps(found);
    return steps && { kind: "completed", run: shownRun(found), steps };
  }
  if (decision.kind === "cancelled" || (decision.kind === "changed" && !decision.marks))
    return { kind: decision.kind, run: shownRun(found) };
  const folder = await runs.folders.take(found.folder);
  // Its last owner may have written until then.
  const taken = folder && (await runs.at(folder));
  return taken && claimTaken(runs, now(), taken, request);
}

/** A run as its owner has written it; as it is where he has not. */
async function settled(runs: RunFolders, hash: string): Promise<FoundRun | undefined> {
  for (let look = 1; ; look++) {
    const found = await runs.find(hash);
    if (found === undefined || isSettled(found) || look === SETTLING_LOOKS) return found;
    await wait(SETTLING_MS);
  }
}

async function begin(
  runs: RunFolders,
  nowMs: number,
  hash: string,
  { id, workflow, program, initial, owner, leaseMs, trace }: ClaimRequest,
): Promise<Claim | undefined> {
  const identity = { id, workflow, program, initial, createdMs: nowMs };
  const state: RunState = {
    status: "running",
    epoch: 1,
    owner,
    leaseUntilMs: nowMs + leaseMs,
    crashes: 0,
    crashedStep: 0,
    trace,
    failure: undefined,
    updatedMs: nowMs,
  };
  const made = await runs.create(hash, identity, state);
  return made && { kind: "claimed", isNew: true, run: shownRun(made), steps: [] };
}

/** Nobody else writes to it any more, but may take it in turn. */
async function claimTaken(
  runs: RunFolders,
  nowMs: number,
  taken: FoundRun,
  request: ClaimRequest,
): Promise<Claim | undefined> {
  const decision = decide(taken, request, nowMs, false);
  const steps = await runs.steps(taken);
  if (steps === undefined) return undefined;
  const change = changeOf(decision, request, nowMs);
  const state = await runs.write(taken.folder, { ...taken.state, ...change });
  if (state === undefined) return undefined;
  const run = shownRun({ ...taken, state });
  switch (decision.kind) {
    case "claimed": {
      const { trace, failure } = taken.state;
      return { kind: "claimed", isNew: false, run: { ...run, trace, failure }, steps };
    }
    case "completed":
      return { kind: "completed", run, steps };
    case "held":
      return decision;
    default:
      return { kind: decision.kind, run };
  }
}

/** What is to be written of a run that was taken. */
function changeOf(
  decision: ClaimDecision,
  { owner, leaseMs, trace }: ClaimRequest,
  nowMs: number,
): Partial<RunState> {
  // A lease that is over stays, so that its own program sees that an owner has vanished.
  if (decision.kind === "changed")
    return decision.marks ? { status: "needs_attention", updatedMs: nowMs } : {};
  if (decision.kind !== "claimed" && decision.kind !== "crashed") return {};
  const { crashes, crashedStep } = decision;
  const counted = { crashes, crashedStep, updatedMs: nowMs };
  if (decision.kind === "crashed") return { status: "needs_attention", leaseUntilMs: 0, ...counted };
  return { status: "running", owner, leaseUntilMs: nowMs + leaseMs, trace, failure: undefined, ...counted };
}

/** @param counts Whether its lease still does: it ends with the folder in which it was given. */
function decide(
  { identity, state, steps }: FoundRun,
  request: ClaimRequest,
  nowMs: number,
  counts: boolean,
): ClaimDecision {
  const leaseUntilMs = counts ? state.leaseUntilMs : Math.min(state.leaseUntilMs, 1);
  return decideClaim({ ...state, run: { ...identity, ...state, leaseUntilMs }, steps }, request, nowMs);
}

function isSettled({ state, folder }: FoundRun): boolean {
  return state.epoch === folder.epoch;
}
