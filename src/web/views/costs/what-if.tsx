import { useId, useState } from "preact/hooks";
import type { Period } from "../../../server/api/common.ts";
import type { WhatIf as Answer } from "../../../server/api/usage.ts";
import { query } from "../../data/paths.ts";
import { useResource } from "../../data/use-resource.ts";
import { money } from "../../format/money.ts";
import { percent, whole } from "../../format/numbers.ts";
import { useRoute, useSetQuery } from "../../router/use-route.ts";
import { AgentLink } from "../../ui/agent-name.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Empty } from "../../ui/empty.tsx";
import { CostText } from "../../ui/facts.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Panel } from "../../ui/panel.tsx";
import { PERIOD_NAMES } from "../../ui/period-picker.tsx";

interface WhatIfProps {
  readonly period: Period;
  /** Models to choose from; any other name may be typed. */
  readonly known: readonly string[];
}

/** What the same calls would have cost on another model. */
export function WhatIf({ period, known }: WhatIfProps) {
  const id = useId();
  const model = useRoute().query.get("model") ?? "";
  const setQuery = useSetQuery();
  const [text, setText] = useState(model);
  const answer = useResource<Answer>(model === "" ? undefined : `costs/what-if${query({ period, model })}`);
  return (
    <Panel title="What if" waiting={model !== "" && answer.waiting}>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          setQuery({ model: text.trim() });
        }}
      >
        <label class="field grow">
          <span>The same calls on the model</span>
          <input
            type="text"
            list={id}
            maxLength={200}
            value={text}
            placeholder="such as gpt-5-mini"
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <datalist id={id}>
          {known.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <button type="submit" class="button primary">
          Compare
        </button>
      </form>
      {model === "" ? (
        <p class="muted">At list prices, with the tokens that were used {PERIOD_NAMES[period]}.</p>
      ) : (
        <Loaded of={answer} lines={4}>
          {(data) => <Comparison answer={data} />}
        </Loaded>
      )}
    </Panel>
  );
}

function Comparison({ answer }: { readonly answer: Answer }) {
  const { cost_usd, other_cost_usd, model, items } = answer;
  if (other_cost_usd === null) {
    return (
      <Empty title="The price of this model is not known">
        <p>
          <bdi>{model}</bdi> is in no price table. Names are as providers have them, such as{" "}
          <code>gpt-5-mini</code>.
        </p>
      </Empty>
    );
  }
  const change = cost_usd === 0 ? null : (other_cost_usd - cost_usd) / cost_usd;
  return (
    <>
      <p class="sum" data-fact="what-if">
        {money(cost_usd)} <span class="muted">→</span> {money(other_cost_usd)}{" "}
        {change !== null && (
          <small class={change > 0 ? "tone-bad" : "tone-good"}>
            {change > 0 ? `${percent(change)} more` : `${percent(-change)} less`}
          </small>
        )}
      </p>
      <DataTable
        caption={`Costs on ${model}`}
        rows={items}
        keyOf={({ agent, model }) => `${agent} ${model}`}
        columns={[
          { key: "agent", title: "Agent", wide: true, cell: (row) => <AgentLink name={row.agent} /> },
          { key: "model", title: "Model", cell: (row) => <bdi>{row.model}</bdi> },
          { key: "calls", title: "Calls", numeric: true, cell: (row) => whole(row.calls) },
          {
            key: "cost",
            title: "Cost",
            numeric: true,
            cell: (row) => <CostText usd={row.cost_usd} tokens={row.calls} />,
          },
          { key: "other", title: "Would cost", numeric: true, cell: (row) => money(row.other_cost_usd) },
        ]}
      />
    </>
  );
}
