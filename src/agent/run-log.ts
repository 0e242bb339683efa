import { safely } from "../internal/warn-once.ts";
import type { CallTotals } from "../telemetry/call-record.ts";
import { counted, formatCost } from "../telemetry/format-trace-numbers.ts";
import type { Call } from "./call.ts";

/** Where a run's lines go. Fits `console`, pino-like wrappers and anything else with an `info`. */
export interface RunLogger {
  /** @param fields The numbers of the line, for loggers that keep structure: trace id, span id, agent, totals. */
  info(message: string, fields: RunFields): void;
}

export interface RunFields {
  /** The agent or workflow. */
  readonly agent: string;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** Only at the end. */
  readonly outcome?: string;
  readonly durationMs?: number;
  readonly totals?: CallTotals;
}

/**
 * Says what runs: a line when an agent or workflow starts and ends. Silent until it is given a logger; `start()` and
 * `register` give it one that writes the end of root calls to stderr.
 */
export class RunLog {
  #logger: RunLogger | undefined;
  #agents = false;

  /** @param what `root`: the end of each request. `agents`: start and end of each agent as well. */
  use(logger: RunLogger | undefined, what: "root" | "agents" = "agents"): void {
    this.#logger = logger;
    this.#agents = what === "agents";
  }

  get hasLogger(): boolean {
    return this.#logger !== undefined;
  }

  started(name: string, call: Call): void {
    if (this.#logger === undefined || !this.#agents) return;
    this.#info(`${name} started`, { agent: name, ...ids(call) });
  }

  finishing(name: string, call: Call, outcome: string): void {
    if (this.#logger === undefined) return;
    const root = call.scope?.parent?.name === undefined;
    if (!root && !this.#agents) return;
    const totals = call.scope?.subtree.snapshot() ?? { calls: 0, tokens: 0, costNanoUsd: 0 };
    const durationMs = call.elapsedMs() ?? 0;
    const { traceId, spanId } = ids(call);
    const parts = [
      `${name} finished`,
      formatTotals(totals),
      `${(durationMs / 1000).toFixed(durationMs < 10_000 ? 2 : 1)} s`,
      outcome,
    ];
    if (traceId !== undefined) parts.push(`trace ${traceId}`);
    this.#info(parts.join(" — "), { agent: name, traceId, spanId, outcome, durationMs, totals });
  }

  #info(message: string, fields: RunFields): void {
    safely("the run logger", () => this.#logger?.info(message, fields));
  }
}

/** The process-wide run log. */
export const runLog = new RunLog();

/**
 * Sends a line at the start and end of each agent and workflow of this process to `logger`; `undefined` ends that.
 *
 * @param what `root` for the end of each request only. @default "agents"
 */
export function logRuns(logger: RunLogger | undefined, what: "root" | "agents" = "agents"): void {
  runLog.use(logger, what);
}

/** @returns Totals as people say them: `7 calls — 12,341 tokens — $0.0032`. */
export function formatTotals({ calls, tokens, costNanoUsd }: CallTotals): string {
  return [counted(calls, "call"), counted(tokens, "token"), formatUsd(costNanoUsd)].join(" — ");
}

/** @param nanoUsd Integer nano-dollars. @returns Dollars with four decimals, more below a tenth of a cent: `$0.00027`. */
export function formatUsd(nanoUsd: number): string {
  return formatCost(nanoUsd / 1e9);
}

function ids(call: Call): { traceId: string | undefined; spanId: string | undefined } {
  const context = call.spanContext();
  return { traceId: context?.traceId, spanId: context?.spanId };
}
