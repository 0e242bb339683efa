import { LabelValues } from "../../telemetry/call-metrics/label-values.ts";
import { CounterFamily } from "../../telemetry/counter-family.ts";
import { type MetricSources, metricSources } from "../../telemetry/metric-sources.ts";
import {
  ATTR_GUARD_NODE,
  METRIC_QUARANTINED_FIELDS,
  METRIC_QUARANTINED_READS,
} from "../../telemetry/semconv.ts";

const MAX_NAMES = 200;
/** Blocks that the gauge knows of; beyond, the oldest are let go. They still block. */
const MAX_BLOCKS = 10_000;

/** A field that may not be read, as the gauge wants to know it. */
export interface CountedBlock {
  readonly node: string | undefined;
  /** Whether readers get null now. */
  isOn(): boolean;
}

/** Counts what guards hold back. Collected from the first one on. */
export class GuardCounts {
  readonly #reads = new CounterFamily({
    name: METRIC_QUARANTINED_READS,
    unit: "{read}",
    description: "Reads of a quarantined field, answered with null or the last good version, by node.",
    labels: [ATTR_GUARD_NODE],
  });
  readonly #labels = new LabelValues(MAX_NAMES, [0]);
  /** Every node that has had one, so that its series goes to 0 and does not end. */
  readonly #nodes = new Set<string | undefined>();
  readonly #blocks = new Set<CountedBlock>();
  readonly #sources: MetricSources;
  #registered = false;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  blocked(block: CountedBlock): void {
    this.#register();
    this.#nodes.add(this.#labels.admit(0, block.node));
    this.#blocks.add(block);
    if (this.#blocks.size <= MAX_BLOCKS) return;
    this.#forgetEnded();
    const [oldest] = this.#blocks;
    if (this.#blocks.size > MAX_BLOCKS && oldest !== undefined) this.#blocks.delete(oldest);
  }

  read(node: string | undefined): void {
    this.#register();
    this.#reads.add([node]);
  }

  #forgetEnded(): void {
    for (const block of this.#blocks) if (!block.isOn()) this.#blocks.delete(block);
  }

  #fields() {
    this.#forgetEnded();
    const counts = new Map([...this.#nodes].map((node) => [node, 0]));
    for (const { node } of this.#blocks) {
      const label = this.#labels.admit(0, node);
      counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return [...counts].map(([node, value]) => ({
      attributes: node === undefined ? {} : { [ATTR_GUARD_NODE]: node },
      value,
    }));
  }

  #register(): void {
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => [
      {
        kind: "gauge",
        name: METRIC_QUARANTINED_FIELDS,
        unit: "{field}",
        description: "Fields whose readers get null now, by the node that wrote them.",
        whole: true,
        points: this.#fields(),
      },
      this.#reads.instrument(),
    ]);
  }
}

/** Those of this process. */
export const guardCounts = new GuardCounts(metricSources);
