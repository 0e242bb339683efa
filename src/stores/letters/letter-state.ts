import type {
  ClaimLetter,
  LetterClaim,
  LetterOutcome,
  LetterRecord,
  LetterResolution,
} from "./dead-letter-store.ts";

/** A claim that ends later than this from now was given by a clock that was wrong: it is not believed. */
export const MAX_CLAIM_MS = 86_400_000;

type LetterState = Omit<LetterRecord, "payload" | "context">;

/** Why a letter cannot be taken; `undefined`: it can. One that this very replay has taken already is its own. */
export function refusedClaim(
  letter: LetterRecord,
  { claim, maxReplays, onlyAsked }: Pick<ClaimLetter, "claim" | "maxReplays" | "onlyAsked">,
  nowMs: number,
): LetterClaim | undefined {
  if (letter.resolvedMs > 0) return { kind: "resolved", letter };
  const forMs = heldFor(letter, nowMs);
  if (forMs > 0) return letter.claim === claim ? { kind: "claimed", letter } : { kind: "held", forMs };
  if (onlyAsked === true && letter.replayRequestedMs === 0) return { kind: "unasked" };
  return letter.replays >= maxReplays ? { kind: "exhausted", letter } : undefined;
}

/** Why a letter cannot be resolved by hand; `undefined`: it can. */
export function refusedResolution(letter: LetterState, nowMs: number): LetterResolution | undefined {
  if (letter.resolvedMs > 0) return { kind: "already" };
  const forMs = heldFor(letter, nowMs);
  return forMs > 0 ? { kind: "held", forMs } : undefined;
}

/** Whether a replay is asked for that somebody could begin now. */
export function awaitsReplay(letter: LetterState, nowMs: number): boolean {
  return letter.replayRequestedMs > 0 && letter.resolvedMs === 0 && heldFor(letter, nowMs) === 0;
}

/** A free letter, taken. */
export function afterClaim<T extends LetterState>(
  letter: T,
  { claim, leaseMs }: Pick<ClaimLetter, "claim" | "leaseMs">,
  nowMs: number,
): T {
  // Who had it last has not said what became of it.
  const vanished = letter.claimUntilMs > 0 ? 1 : 0;
  return {
    ...letter,
    claim,
    claimUntilMs: nowMs + leaseMs,
    replays: letter.replays + 1,
    attempts: letter.attempts + vanished,
  };
}

/** A letter that was taken, with what its replay came to. */
export function afterOutcome<T extends LetterState>(letter: T, outcome: LetterOutcome, nowMs: number): T {
  const free = { ...letter, claimUntilMs: 0 };
  switch (outcome.kind) {
    case "resolved":
      return { ...free, resolution: outcome.resolution, resolvedMs: nowMs, replayRequestedMs: 0 };
    case "released":
      return { ...free, replays: letter.replays - 1 };
    case "failed":
      return {
        ...free,
        attempts: letter.attempts + 1,
        errorType: outcome.errorType,
        errorMessage: outcome.errorMessage,
        history: outcome.history,
        lastAttemptMs: outcome.atMs,
        replayRequestedMs: 0,
      };
  }
}

/** Milliseconds; 0: nobody has it. */
function heldFor({ claimUntilMs }: LetterState, nowMs: number): number {
  const leftMs = claimUntilMs - nowMs;
  return leftMs > 0 && leftMs <= MAX_CLAIM_MS ? leftMs : 0;
}
