import type { AgentHealth } from "../../health/agent-health.ts";
import type { AgentSignals } from "../../health/agent-signals.ts";
import type { RollupSource } from "../../health/rollup/rollup-row.ts";
import type { TraceSpan } from "../../telemetry/trace-span.ts";
import type { BreakerRow, BudgetRow, DeadLetterRow, Failure, LedgerLine, MemoryRow } from "../api/agents.ts";
import type { LogLine, TRACE_ORDERS, TraceRow } from "../api/traces.ts";

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; `undefined`: there is none. Opaque to who asks. */
  readonly next: string | undefined;
}

export interface PageQuery {
  /** 1 to 500. */
  readonly limit: number;
  /** What `next` of the page before was. A source that cannot read it throws BadCursorError. */
  readonly cursor?: string | undefined;
}

export interface TraceQuery extends PageQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly order: (typeof TRACE_ORDERS)[number];
  readonly agent?: string | undefined;
  readonly model?: string | undefined;
  readonly tool?: string | undefined;
  readonly conversation?: string | undefined;
  /** Only those with an error. */
  readonly failed?: boolean | undefined;
  /** Only those with findings of detectors. */
  readonly findings?: boolean | undefined;
  readonly minCostUsd?: number | undefined;
  readonly minDurationMs?: number | undefined;
  /** The beginning of a trace id, or a part of the name of one of its spans. */
  readonly text?: string | undefined;
}

/** All of one trace. */
export interface StoredTrace {
  readonly row: TraceRow;
  readonly spans: readonly TraceSpan[];
  readonly logs: readonly LogLine[];
  readonly truncated: boolean;
}

export interface TraceSource {
  search(query: TraceQuery): Promise<Page<TraceRow>>;
  /** @param traceId 32 lower-case hex digits. */
  get(traceId: string): Promise<StoredTrace | undefined>;
}

export interface FailureQuery extends PageQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly agent?: string | undefined;
  readonly mode?: string | undefined;
}

export interface FailureSource {
  list(query: FailureQuery): Promise<Page<Failure>>;
}

export interface BreakerSource {
  list(): Promise<readonly BreakerRow[]>;
  /**
   * @param actor Who asked for it; stands in the ledger.
   * @returns The state that it is in then; `undefined`: there is none of that name.
   * @throws NotReachableError where there is one, and it cannot be reached from here; its message says what to run instead.
   */
  reset(name: string, actor: string): Promise<string | undefined>;
}

export interface LedgerSource {
  list(
    query: PageQuery & { readonly breaker?: string | undefined; readonly kind?: string | undefined },
  ): Promise<Page<LedgerLine>>;
}

export interface LetterQuery extends PageQuery {
  readonly queue?: string | undefined;
  readonly taskType?: string | undefined;
  readonly resolved: boolean;
}

export interface LetterSource {
  list(query: LetterQuery): Promise<Page<DeadLetterRow>>;
  /** Does it, or asks who runs the handler to do it. `undefined`: there is none. @throws NotReachableError, as for breakers. */
  replay(
    queue: string,
    id: string,
  ): Promise<
    { readonly outcome: "succeeded" | "failed" | "requested"; readonly error: string | null } | undefined
  >;
  /** `undefined`: there is none. `false`: it was resolved before. */
  resolve(queue: string, id: string, resolution: string): Promise<boolean | undefined>;
}

export interface SignalSource {
  /** By agent. */
  signals(): Promise<ReadonlyMap<string, AgentSignals>>;
}

/** Who judges health already, as the health monitor of a process: so that its gauges and these answers are the same. */
export interface HealthSource {
  /** How far back it looks, milliseconds. */
  readonly windowMs: number;
  /** The worst first. */
  agents(): readonly AgentHealth[];
}

/** All that the REST surface and the page read. One that a place does not have is left out, and its endpoints say so. */
export interface AgentsSources {
  readonly rollups: RollupSource;
  /** Model calls alone, by day, where they are kept for longer than `rollups`. @default those of `rollups` */
  readonly usage?: RollupSource;
  readonly signals?: SignalSource;
  /** @default made from `rollups` and `signals` */
  readonly health?: HealthSource;
  readonly traces?: TraceSource;
  readonly failures?: FailureSource;
  readonly breakers?: BreakerSource;
  readonly ledger?: LedgerSource;
  readonly budgets?: { list(): Promise<readonly BudgetRow[]> };
  readonly memory?: { list(): Promise<readonly MemoryRow[]> };
  readonly deadLetters?: LetterSource;
  /** Calls `listener` when something has changed, at most a few times a second. @returns Ends it. */
  readonly changes?: (listener: () => void) => () => void;
}
