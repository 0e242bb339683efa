import type { Clock } from "../../../internal/clock.ts";
import type { SourceInstrument } from "../../../telemetry/metric-sources.ts";
import type { AgentsSources } from "../../sources/sources.ts";
import type { Marks } from "../marks.ts";
import type { Statements } from "../statements.ts";
import { breakerSource } from "./breaker-source.ts";
import { budgetSource } from "./budget-source.ts";
import { failureSource, ledgerSource } from "./event-lists.ts";
import { memorySource } from "./memory-source.ts";
import { receivedMetrics } from "./metrics-reader.ts";
import { rollupSource } from "./rollup-source.ts";
import { traceSource } from "./trace-source.ts";

/** What a telemetry database can tell. */
export type DatabaseSources = Required<
  Pick<AgentsSources, "rollups" | "traces" | "failures" | "breakers" | "ledger" | "budgets" | "memory">
> & {
  /** Those that health reads. */
  readonly metrics: () => readonly SourceInstrument[];
};

export function databaseSources(statements: Statements, marks: Marks, clock: Clock): DatabaseSources {
  return {
    rollups: rollupSource(statements),
    traces: traceSource(statements, marks),
    failures: failureSource(statements),
    breakers: breakerSource(statements, clock),
    ledger: ledgerSource(statements),
    budgets: budgetSource(statements, clock),
    memory: memorySource(statements),
    metrics: () => receivedMetrics(statements, clock.now()),
  };
}
