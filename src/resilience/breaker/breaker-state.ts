import type { Probes } from "./probes.ts";

/** `forced_open` and `disabled` are an operator's: they are entered and left by hand only. */
export type BreakerStateName = "closed" | "open" | "half_open" | "forced_open" | "disabled";

/** Each state carries only what it needs, so "open without an end" cannot be written. All times are monotonic. */
export type BreakerState =
  | { readonly kind: "closed"; readonly sinceMs: number }
  | { readonly kind: "open"; readonly untilMs: number }
  /** `reopenMs` is drawn on entry, so that reading the state later needs no dice. */
  | { readonly kind: "half_open"; readonly probes: Probes; readonly reopenMs: number }
  | { readonly kind: "forced_open" }
  | { readonly kind: "disabled" };

/**
 * Until when the breaker is open, as if a timer had fired at the end of each lease.
 *
 * @returns Monotonic milliseconds, possibly past; `undefined` where the state is no open one at `nowMs`.
 */
export function openUntil(state: BreakerState, nowMs: number): number | undefined {
  if (state.kind === "open") return state.untilMs;
  if (state.kind !== "half_open") return undefined;
  const endMs = state.probes.firstEndMs;
  return nowMs < endMs ? undefined : endMs + state.reopenMs;
}

/** The name to show at `nowMs`: the machine itself moves only when the next call asks. */
export function shownState(state: BreakerState, nowMs: number): BreakerStateName {
  const untilMs = openUntil(state, nowMs);
  if (untilMs === undefined) return state.kind;
  return nowMs < untilMs ? "open" : "half_open";
}

/** Whether a call that asks at `nowMs` would pass. */
export function wouldAdmit(state: BreakerState, nowMs: number): boolean {
  const untilMs = openUntil(state, nowMs);
  if (untilMs !== undefined) return nowMs >= untilMs;
  if (state.kind === "half_open") return state.probes.hasRoom();
  return state.kind !== "forced_open";
}
