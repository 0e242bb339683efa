import { barGauge } from "../../panels/bar-gauge.ts";
import { HEALTH } from "../../panels/values.ts";
import { AGENT } from "../../queries/cost.ts";
import { healthBy } from "../../queries/health.ts";
import { AGENT_LINKS } from "../links.ts";
import { APP_AND_AGENT } from "../scope.ts";

export const healthByAgent = barGauge({
  id: 8,
  title: "Health, worst first",
  description: "Score of each agent, 0 to 100, over its last five minutes; of several processes the worst.",
  unit: "none",
  decimals: 0,
  max: 100,
  thresholds: HEALTH,
  noValue: "no agent was called in the last minutes",
  links: AGENT_LINKS,
  queries: [
    {
      refId: "A",
      expr: `sort(bottomk(10, ${healthBy([AGENT], APP_AND_AGENT)}))`,
      legend: `{{${AGENT}}}`,
      instant: true,
    },
  ],
  width: 5,
  height: 9,
});
