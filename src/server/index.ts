/**
 * What agents do, over HTTP.
 *
 * @module agent-otel/server
 */

export type { AccessOptions, AccessTokens, Scope } from "./access/access.ts";
export { type AgentsRouter, agentsRouter } from "./agents-router.ts";
export type {
  AgentHealth,
  AgentRow,
  BreakerRow,
  BudgetRow,
  DeadLetterRow,
  Failure,
  LedgerLine,
  MemoryRow,
} from "./api/agents.ts";
export type { Period, Problem } from "./api/common.ts";
export type { LogLine, TraceRow } from "./api/traces.ts";
export {
  type InProcessOptions,
  type InProcessSources,
  inProcessSources,
} from "./in-process/in-process-sources.ts";
export type { ServedQueue } from "./in-process/letter-source.ts";
export { nodeHandler } from "./node-handler.ts";
export type { RouterOptions } from "./router-options.ts";
export type {
  AgentsSources,
  BreakerSource,
  FailureQuery,
  FailureSource,
  HealthSource,
  LedgerSource,
  LetterQuery,
  LetterSource,
  Page,
  PageQuery,
  SignalSource,
  StoredTrace,
  TraceQuery,
  TraceSource,
} from "./sources/sources.ts";
