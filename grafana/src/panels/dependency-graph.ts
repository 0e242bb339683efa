import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/nodegraph";
import type { PanelOptions, SizedPanel } from "./panel.ts";
import { variable } from "./variable.ts";

/** The data source that the variable `jaeger` names. */
export const JAEGER = { type: "jaeger", uid: variable("jaeger") };

/** The SDK has no builder for queries to Jaeger. */
const dependencies: Builder<Dataquery> = {
  build: () => ({ refId: "A", datasource: JAEGER, queryType: "dependencyGraph" }) as unknown as Dataquery,
};

/** What Jaeger has seen: which service calls which. The collector makes services of agents, models and tools. */
export function dependencyGraph({
  id,
  title,
  description,
  unit,
  noValue,
  width,
  height,
}: Omit<PanelOptions, "queries">): SizedPanel {
  const panel = new PanelBuilder()
    .id(id)
    .title(title)
    .description(description)
    .datasource(JAEGER)
    .unit(unit)
    .noValue(noValue)
    .withTarget(dependencies)
    .build();
  return { panel, width, height };
}
