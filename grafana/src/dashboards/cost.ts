import type { Board } from "./board.ts";
import { budgets } from "./cost/budgets.ts";
import { savings } from "./cost/savings.ts";
import { spenders } from "./cost/spenders.ts";
import { totals } from "./cost/totals.ts";
import { agent, app, datasource, jaegerUrl, model } from "./variables.ts";

/** For whoever pays: how much, will it last, who spends it, and can it be less? */
export const cost: Board = {
  name: "cost",
  description:
    "How much, will it last, who spends it, and can it be less? Money is that of model calls whose price is known, exact at any sampling.",
  variables: [datasource(), jaegerUrl(), app(), agent(), model()],
  rows: [
    { id: 101, title: "How much, and how much will it be?", panels: totals },
    { id: 102, title: "Will the budgets last?", panels: budgets },
    { id: 103, title: "Who spends it?", panels: spenders },
    { id: 104, title: "Can it be less, and is all of it counted?", panels: savings },
  ],
};
