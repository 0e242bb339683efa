import type { BreakerRow, LedgerLine } from "../../../server/api/agents.ts";
import { stateSegments } from "../../breakers/state-segments.ts";
import { duration } from "../../format/duration.ts";
import { clockTime } from "../../format/time.ts";
import { breakerTone } from "../../ui/badge.tsx";
import { Empty } from "../../ui/empty.tsx";

const MIN_WINDOW_MS = 60 * 60_000;

interface StateTimelineProps {
  readonly lines: readonly LedgerLine[];
  readonly breakers: readonly BreakerRow[];
}

/** One strip for each breaker that has changed its state. The ledger below has the same as a table. */
export function StateTimeline({ lines, breakers }: StateTimelineProps) {
  const nowMs = Date.now();
  if (lines.length === 0) return <Empty title="No breaker has changed its state" />;
  const oldest = Math.min(...lines.map(({ time }) => Date.parse(time)));
  const fromMs = Math.min(oldest - (nowMs - oldest) * 0.03, nowMs - MIN_WINDOW_MS);
  const states = new Map(breakers.map(({ name, state }) => [name, state]));
  const names = [...new Set(lines.map(({ breaker }) => breaker))];
  const text = (ms: number) => clockTime(new Date(ms).toISOString(), nowMs);
  return (
    <div class="timeline">
      <ul class="plain">
        {names.map((name) => {
          const own = lines.filter(({ breaker }) => breaker === name);
          const segments = stateSegments(own, states.get(name), fromMs, nowMs);
          const now = segments.at(-1)?.state ?? "unknown";
          return (
            <li key={name}>
              <bdi class="cut" title={name}>
                {name}
              </bdi>
              <span class="strip" role="img" aria-label={`${name}: ${segments.length} states, now ${now}`}>
                {segments.map(({ state, fromMs: begin, toMs }) => (
                  <span
                    key={begin}
                    class={`segment ${state === "unknown" ? "plain" : breakerTone(state)}`}
                    style={{ flexGrow: (toMs - begin) / (nowMs - fromMs) }}
                    title={`${state.replaceAll("_", " ")} for ${duration(toMs - begin)}, from ${text(begin)}`}
                  />
                ))}
              </span>
            </li>
          );
        })}
      </ul>
      <p class="timeline-axis muted" aria-hidden="true">
        <span>{text(fromMs)}</span>
        <span>now</span>
      </p>
      <p class="key" aria-hidden="true">
        <span class="segment good" /> closed <span class="segment warn" /> half open{" "}
        <span class="segment bad" /> open
        <span class="segment plain" /> disabled
      </p>
    </div>
  );
}
