import { LabelValues } from "../telemetry/call-metrics/label-values.ts";
import { CounterFamily } from "../telemetry/counter-family.ts";
import { type MetricSources, metricSources, type SourceInstrument } from "../telemetry/metric-sources.ts";
import * as names from "../telemetry/semconv.ts";
import { SeriesPoints } from "../telemetry/series-points.ts";
import { type MemoryKind, MemoryRegistry, type MemorySourceOf, memoryRegistry } from "./memory-registry.ts";

const MAX_NAMES = 200;

/** `limit`: to make room. `incomplete`: no provider would take it. */
export type MessageReason = "limit" | "incomplete";
/** `faded`: below the threshold. `capacity`: the least relevant of too many. */
export type EntryReason = "faded" | "capacity";
export type SummaryOutcome = "written" | "cut" | "failed";

/** Names, units and descriptions of what windows and decaying memories tell. Those of one name are added up. */
export class MemoryMetrics {
  readonly #compactions = counter(
    names.METRIC_MEMORY_COMPACTIONS,
    "{compaction}",
    "Times that messages had to leave a window, by its name.",
    [names.ATTR_MEMORY_NAME],
  );
  readonly #messages = counter(
    names.METRIC_MEMORY_EVICTED_MESSAGES,
    "{message}",
    "Messages that left a window, by its name and reason.",
    [names.ATTR_MEMORY_NAME, names.ATTR_MEMORY_REASON],
  );
  readonly #summaries = counter(
    names.METRIC_MEMORY_SUMMARIES,
    "{summary}",
    "Summaries of what left a window, by its name and outcome.",
    [names.ATTR_MEMORY_NAME, names.ATTR_MEMORY_OUTCOME],
  );
  readonly #entries = counter(
    names.METRIC_MEMORY_EVICTED_ENTRIES,
    "{entry}",
    "Entries that a decaying memory let go, by its name and reason.",
    [names.ATTR_MEMORY_NAME, names.ATTR_MEMORY_REASON],
  );
  readonly #labels = new LabelValues(MAX_NAMES, [0]);
  readonly #sources: MetricSources;
  readonly #alive: MemoryRegistry;
  #registered = false;

  /** @param alive Whose present size is told. */
  constructor(sources: MetricSources, alive: MemoryRegistry = new MemoryRegistry()) {
    this.#sources = sources;
    this.#alive = alive;
  }

  open<K extends Exclude<MemoryKind, "shared_state">>(kind: K, memory: MemorySourceOf[K]): void {
    memoryRegistry.add(kind, memory);
    if (this.#alive !== memoryRegistry) this.#alive.add(kind, memory);
    if (this.#registered) return;
    this.#registered = true;
    this.#sources.add(() => this.#collect());
  }

  compacted(window: string): void {
    this.#compactions.add([window]);
  }

  messagesLeft(window: string, reason: MessageReason, messages: number): void {
    if (messages > 0) this.#messages.add([window, reason], messages);
  }

  summarised(window: string, outcome: SummaryOutcome): void {
    this.#summaries.add([window, outcome]);
  }

  entriesLeft(memory: string, reason: EntryReason, entries: number): void {
    if (entries > 0) this.#entries.add([memory, reason], entries);
  }

  #collect(): readonly SourceInstrument[] {
    const counters = [this.#compactions, this.#messages, this.#summaries, this.#entries];
    return [...this.#gauges(), ...counters.map((each) => each.instrument())].filter(
      ({ points }) => points.length > 0,
    );
  }

  #gauges(): readonly SourceInstrument[] {
    const tokens = new SeriesPoints();
    const messages = new SeriesPoints();
    const entries = new SeriesPoints();
    for (const window of this.#alive.alive("window")) {
      const stats = window.stats();
      tokens.add(this.#name(stats.name), stats.tokens);
      messages.add(this.#name(stats.name), stats.messages);
    }
    for (const { name, size } of this.#alive.alive("decaying")) entries.add(this.#name(name), size);
    return [
      gauge(names.METRIC_MEMORY_TOKENS, "{token}", "Tokens in windows now, as counted.", tokens),
      gauge(names.METRIC_MEMORY_MESSAGES, "{message}", "Messages in windows now.", messages),
      gauge(names.METRIC_MEMORY_ENTRIES, "{entry}", "Entries in decaying memories now.", entries),
    ];
  }

  #name(name: string): { readonly [names.ATTR_MEMORY_NAME]: string } {
    return { [names.ATTR_MEMORY_NAME]: this.#labels.admit(0, name) ?? name };
  }
}

function counter(name: string, unit: string, description: string, labels: readonly string[]): CounterFamily {
  return new CounterFamily({ name, unit, description, labels, names: [0] });
}

function gauge(name: string, unit: string, description: string, points: SeriesPoints): SourceInstrument {
  return { kind: "gauge", name, unit, description, whole: true, points: points.all() };
}

/** Those of this process. */
export const memoryMetrics = new MemoryMetrics(metricSources, memoryRegistry);
