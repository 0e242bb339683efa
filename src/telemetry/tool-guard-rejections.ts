import { CounterFamily } from "./counter-family.ts";
import { type MetricSources, metricSources } from "./metric-sources.ts";
import {
  ATTR_AGENT_NAME,
  ATTR_TOOL_GUARD_REASON,
  ATTR_TOOL_NAME,
  METRIC_TOOL_GUARD_REJECTIONS,
} from "./semconv.ts";

/** Counts the tool calls that guards refused, in one process. Collected from the first one on. */
export class ToolGuardRejections {
  readonly #calls = new CounterFamily({
    name: METRIC_TOOL_GUARD_REJECTIONS,
    unit: "{call}",
    description:
      "Tool calls of models that a guard refused, so that the tool did not run, by agent, tool and reason.",
    labels: [ATTR_AGENT_NAME, ATTR_TOOL_NAME, ATTR_TOOL_GUARD_REASON],
    names: [0, 1],
  });
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  /**
   * @param agent Left out of the labels outside of any agent.
   * @param tool A name that the guard knows, or `_OTHER`: never one that a model made up.
   */
  count(agent: string | undefined, tool: string, reason: string): void {
    this.#register();
    this.#calls.add([agent, tool, reason]);
  }

  #register(): void {
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => [this.#calls.instrument()]);
  }
}

/** Those of this process. */
export const toolGuardRejections = new ToolGuardRejections(metricSources);
