import type { AgentHealth } from "../../../server/api/agents.ts";
import { duration } from "../../format/duration.ts";
import { percent, whole } from "../../format/numbers.ts";
import { BreakerState, HealthScore } from "../../ui/badge.tsx";
import { Empty } from "../../ui/empty.tsx";

const PARTS = [
  ["failure", "Failed"],
  ["slow", "Slower than the objective"],
  ["rejected", "Refused or answered by a fallback"],
  ["quarantined", "Read quarantined values"],
] as const;

/** A score and what takes points from it. */
export function HealthParts({ health }: { readonly health: AgentHealth }) {
  if (health.components === null) {
    return (
      <Empty title="Unknown">
        <p>It has made no call in the time that health looks at.</p>
      </Empty>
    );
  }
  const { components } = health;
  return (
    <div class="health-parts">
      <p class="health-line">
        <HealthScore score={health.score} /> <strong>{health.status}</strong>
        {health.breaker !== null && <BreakerState state={health.breaker} />}
      </p>
      <dl class="parts">
        {PARTS.map(([key, text]) => (
          <div key={key}>
            <dt>{text}</dt>
            <dd>
              <span class={`bar ${components[key] > 0.2 ? "bad" : components[key] > 0 ? "warn" : "good"}`}>
                <span style={{ width: `${components[key] * 100}%` }} />
              </span>
              <span class="part-value">{percent(components[key])}</span>
            </dd>
          </div>
        ))}
      </dl>
      <p class="muted">
        {whole(health.calls)} calls, p95 {duration(health.p95_ms)} of {duration(health.objective_ms)},{" "}
        {whole(health.rejections)} refused, {whole(health.fallbacks)} fallbacks
      </p>
    </div>
  );
}
