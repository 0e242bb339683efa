import { LabelValues } from "../telemetry/call-metrics/label-values.ts";
import type { SourceInstrument } from "../telemetry/metric-sources.ts";
import * as names from "../telemetry/semconv.ts";
import { SeriesPoints } from "../telemetry/series-points.ts";
import type { AgentHealth } from "./agent-health.ts";

const MAX_NAMES = 200;

/** Names, units and descriptions of what health tells. Of an agent of which nothing is known there is no point. */
export class HealthGauges {
  readonly #labels = new LabelValues(MAX_NAMES, [0]);

  /** Of the agents beyond 200 names the worst is told. */
  collect(agents: readonly AgentHealth[]): readonly SourceInstrument[] {
    const losses = new SeriesPoints();
    const components = new SeriesPoints();
    for (const { agent, score, components: rates } of agents) {
      const name = { [names.ATTR_AGENT_NAME]: this.#labels.admit(0, agent) };
      if (score !== undefined) losses.raise(name, 100 - score);
      for (const [component, rate] of Object.entries(rates ?? {}))
        components.raise({ ...name, [names.ATTR_HEALTH_COMPONENT]: component }, rate);
    }
    const scores = losses.all().map(({ attributes, value }) => ({ attributes, value: 100 - value }));
    const gauges: readonly SourceInstrument[] = [
      {
        kind: "gauge",
        name: names.METRIC_HEALTH_SCORE,
        unit: "{score}",
        description: "Health of an agent from 0 to 100; no point where nothing is known.",
        whole: false,
        points: scores,
      },
      {
        kind: "gauge",
        name: names.METRIC_HEALTH_COMPONENT,
        unit: "1",
        description: "What an agent's health is made from: rates from 0 to 1.",
        whole: false,
        points: components.all(),
      },
    ];
    return gauges.filter(({ points }) => points.length > 0);
  }
}
