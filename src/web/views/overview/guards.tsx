import type { BreakerRow, BudgetRow } from "../../../server/api/agents.ts";
import { duration } from "../../format/duration.ts";
import { money } from "../../format/money.ts";
import { percent, plural } from "../../format/numbers.ts";
import { BreakerState, breakerTone } from "../../ui/badge.tsx";
import { Empty } from "../../ui/empty.tsx";

const SHOWN = 6;
const ORDER = ["bad", "warn", "info", "plain", "good"];

/** Those that are not closed come first. */
export function BreakerList({ items }: { readonly items: readonly BreakerRow[] }) {
  if (items.length === 0) {
    return (
      <Empty title="No breakers">
        <p>
          A <code>circuitBreaker</code> of the program shows up here.
        </p>
      </Empty>
    );
  }
  const sorted = [...items].sort(
    (one, other) => ORDER.indexOf(breakerTone(one.state)) - ORDER.indexOf(breakerTone(other.state)),
  );
  return (
    <>
      <ul class="list">
        {sorted.slice(0, SHOWN).map(({ name, state, retry_after_ms }) => (
          <li key={name}>
            <bdi class="cut" title={name}>
              {name}
            </bdi>
            {retry_after_ms !== null && (
              <small class="muted">tries again in {duration(retry_after_ms)}</small>
            )}
            <BreakerState state={state} />
          </li>
        ))}
      </ul>
      {sorted.length > SHOWN && <p class="muted">and {plural(sorted.length - SHOWN, "more breaker")}</p>}
    </>
  );
}

/** What one request may cost is no budget that fills up. */
export function BudgetList({ items: all }: { readonly items: readonly BudgetRow[] }) {
  const items = all.filter(({ window }) => window !== "request");
  if (items.length === 0) {
    return (
      <Empty title="No budgets">
        <p>
          A <code>costGuard</code> of the program shows up here.
        </p>
      </Empty>
    );
  }
  return (
    <ul class="list budgets">
      {items.map((budget) => (
        <Budget key={`${budget.name} ${budget.window}`} {...budget} />
      ))}
    </ul>
  );
}

function Budget({ name, window, limit_usd, used_usd, share, rejections }: BudgetRow) {
  const tone = share >= 1 ? "bad" : share >= 0.8 ? "warn" : "good";
  return (
    <li>
      <div class="budget-head">
        <bdi class="cut" title={name}>
          {name}
        </bdi>
        <small class="muted">per {window}</small>
        <span class="budget-sum">
          {money(used_usd)} <small class="muted">of {money(limit_usd)}</small>
        </span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw a meter each in their own way */}
      <div
        class={`bar ${tone}`}
        role="meter"
        aria-label={`Budget ${name} per ${window}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, Math.round(share * 100))}
        aria-valuetext={percent(share)}
      >
        <span style={{ width: `${Math.min(100, share * 100)}%` }} />
      </div>
      <small class="muted">
        {percent(share)} used{rejections > 0 && ` · ${plural(rejections, "call")} refused`}
      </small>
    </li>
  );
}
