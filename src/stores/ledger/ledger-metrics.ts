import { type MetricSources, metricSources, type SourceInstrument } from "../../telemetry/metric-sources.ts";
import { METRIC_LEDGER_DROPPED, METRIC_LEDGER_ROWS, METRIC_LEDGER_WAITING } from "../../telemetry/semconv.ts";

/** What all ledgers of a process have written and lost, also those that are closed by now. Nothing is told before the first is made. */
export class LedgerMetrics {
  readonly #sources: MetricSources;
  #told = false;
  #rows = 0;
  #dropped = 0;
  #waiting = 0;

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  /** A ledger was made. */
  opened(): void {
    if (!this.#told) this.#sources.add(() => this.#instruments());
    this.#told = true;
  }

  wrote(rows: number): void {
    this.#rows += rows;
  }

  dropped(rows: number): void {
    this.#dropped += rows;
  }

  /** @param change More rows that wait, or fewer. */
  waits(change: number): void {
    this.#waiting += change;
  }

  #instruments(): readonly SourceInstrument[] {
    return [
      instrument("counter", METRIC_LEDGER_ROWS, "Rows that were written to the audit ledger.", this.#rows),
      instrument("counter", METRIC_LEDGER_DROPPED, "Rows that the audit ledger has lost.", this.#dropped),
      instrument(
        "gauge",
        METRIC_LEDGER_WAITING,
        "Rows that wait to be written to the audit ledger.",
        this.#waiting,
      ),
    ];
  }
}

function instrument(
  kind: "counter" | "gauge",
  name: string,
  description: string,
  value: number,
): SourceInstrument {
  return { kind, name, unit: "{row}", description, whole: true, points: [{ attributes: {}, value }] };
}

/** Those of this process. */
export const ledgerMetrics = new LedgerMetrics(metricSources);
