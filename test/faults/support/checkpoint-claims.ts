import { randomUUID } from "node:crypto";
import type {
  Claim,
  ClaimRequest,
  Hold,
  StepRecord,
} from "../../../src/stores/checkpoints/checkpoint-store.ts";

export function claimOf(some: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    id: randomUUID(),
    workflow: "refunds",
    program: '{"steps":["read","pay"]}',
    initial: '{"order":7}',
    owner: randomUUID(),
    leaseMs: 60_000,
    trace: undefined,
    maxCrashes: 3,
    ...some,
  };
}

export function stepOf(seq: number, output = `{"seq":${seq}}`): Omit<StepRecord, "atMs"> {
  return { seq, name: `step-${seq}`, output, attempts: 1 };
}

/** @throws where it was not given out. */
export function holdOf(claim: Claim): Hold {
  if (claim.kind !== "claimed") throw new Error(`not claimed, but ${claim.kind}`);
  return { id: claim.run.id, epoch: claim.run.epoch };
}
