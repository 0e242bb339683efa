import type { Statistics, TokenStats, TokenTrend } from "../../../server/api/usage.ts";
import { Sparkline } from "../../charts/sparkline.tsx";
import type { Resource } from "../../data/use-resource.ts";
import { duration } from "../../format/duration.ts";
import { money } from "../../format/money.ts";
import { percent, plural, shareOf, whole } from "../../format/numbers.ts";
import { CostText, Fact } from "../../ui/facts.tsx";
import { Refused } from "../../ui/loaded.tsx";

interface TotalsProps {
  readonly statistics: Resource<Statistics>;
  readonly tokens: Resource<TokenStats>;
  readonly trend: TokenTrend | undefined;
}

/** The few numbers that one looks at first. Their place is there before they are. */
export function Totals({ statistics, tokens, trend }: TotalsProps) {
  const all = statistics.data;
  const use = tokens.data?.total;
  const refusal = statistics.refusal ?? tokens.refusal;
  return (
    <section aria-label="Totals" aria-busy={statistics.waiting}>
      {refusal !== undefined && refusal.status !== 0 && (
        <Refused refusal={refusal} retry={statistics.reload} />
      )}
      <dl class={statistics.waiting && all !== undefined ? "facts waiting" : "facts"}>
        <Fact
          label="Cost"
          name="cost"
          corner={trend && <Sparkline values={trend.items.map(({ cost_usd }) => cost_usd)} />}
          note={
            all === undefined
              ? ""
              : `${all.avg_cost_per_request === null || all.total_cost_usd === 0 ? "–" : money(all.avg_cost_per_request)} per request`
          }
        >
          {all === undefined ? (
            <Wait />
          ) : (
            <CostText usd={all.total_cost_usd} tokens={all.total_tokens} unpriced={all.unpriced_calls} />
          )}
        </Fact>
        <Fact
          label="Tokens"
          name="tokens"
          corner={trend && <Sparkline values={trend.items.map(({ tokens }) => tokens)} />}
          note={use === undefined ? "" : `${whole(use.input_tokens)} in · ${whole(use.output_tokens)} out`}
        >
          {all === undefined ? <Wait /> : whole(all.total_tokens)}
        </Fact>
        <Fact
          label="Requests"
          name="requests"
          note={
            all === undefined
              ? ""
              : `${plural(all.model_calls, "model call")} · ${plural(all.tool_calls, "tool call")}`
          }
        >
          {all === undefined ? <Wait /> : whole(all.total_requests)}
        </Fact>
        <Fact
          label="Failed"
          name="failed"
          tone={all !== undefined && all.failed > 0 ? "bad" : undefined}
          note={
            all === undefined ? "" : `${percent(shareOf(all.failed, all.total_requests))} of requests failed`
          }
        >
          {all === undefined ? <Wait /> : whole(all.failed)}
        </Fact>
        <Fact
          label="Duration, p95"
          name="p95"
          note={all === undefined ? "" : `p50 ${duration(all.p50_duration_ms)}`}
        >
          {all === undefined ? <Wait /> : duration(all.p95_duration_ms)}
        </Fact>
      </dl>
    </section>
  );
}

function Wait() {
  return <span class="wait">…</span>;
}
