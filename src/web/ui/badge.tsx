import type { ComponentChildren } from "preact";

export type Tone = "good" | "warn" | "bad" | "info" | "plain";

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

const BREAKER_TONES: Readonly<Record<string, Tone>> = {
  closed: "good",
  half_open: "warn",
  open: "bad",
  forced_open: "bad",
  disabled: "plain",
};

/** How bad a state is; one that this version does not know is told as it came. */
export function breakerTone(state: string): Tone {
  return BREAKER_TONES[state] ?? "info";
}

export function BreakerState({ state }: { readonly state: string }) {
  return <Badge tone={breakerTone(state)}>{state.replaceAll("_", " ")}</Badge>;
}

export function healthTone(score: number | null): Tone {
  if (score === null) return "plain";
  return score >= 80 ? "good" : score >= 50 ? "warn" : "bad";
}

/** A score with a bar of its length; unknown without calls. */
export function HealthScore({ score }: { readonly score: number | null }) {
  return (
    <span class={`score ${healthTone(score)}`}>
      <span class="score-track" aria-hidden="true">
        <span class="score-fill" style={{ width: `${score ?? 0}%` }} />
      </span>
      <span class="score-value">{score === null ? "unknown" : Math.round(score)}</span>
    </span>
  );
}
