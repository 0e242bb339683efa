import type { AgentHealth, SystemHealth } from "../../../server/api/agents.ts";
import { counted, formatCount, formatDuration } from "../../../telemetry/format-trace-numbers.ts";
import { type Column, type TableOptions, table } from "../ledger/table.ts";

const BAR = 10;
/** In fewer columns the names of agents need the room of the bar. */
const BAR_COLUMNS = 72;
const COLORS: Readonly<Record<string, string>> = {
  healthy: "\x1b[32m",
  degraded: "\x1b[33m",
  unhealthy: "\x1b[31m",
  open: "\x1b[31m",
  forced_open: "\x1b[31m",
  half_open: "\x1b[33m",
};

const COLUMNS: readonly Column[] = [
  { title: "AGENT", share: 2 },
  { title: "SCORE" },
  { title: "STATUS", color: (cell) => COLORS[cell] },
  { title: "CALLS", align: "right" },
  { title: "SUCCESS", align: "right" },
  { title: "P95", align: "right" },
  { title: "BREAKER", share: 1, color: (cell) => COLORS[cell] },
];

/** One line for each agent, in the order in which they come. */
export function healthView(health: SystemHealth, options: TableOptions): string {
  const { agents, window_ms, open_breakers, status, score } = health;
  const minutes = `the last ${counted(Math.round(window_ms / 60_000), "minute")}`;
  const breakers = open_breakers === 0 ? "" : `, ${counted(open_breakers, "open breaker")}`;
  if (agents.length === 0) return `No agent was called in ${minutes}${breakers}.\n`;
  const worst =
    score === null
      ? "unknown"
      : `${status}, the worst of ${counted(agents.length, "agent")} at ${shown(score)}`;
  const hasBar = (options.width ?? BAR_COLUMNS) >= BAR_COLUMNS;
  const rows = agents.map((agent) => cells(agent, hasBar));
  return `In ${minutes}: ${worst}${breakers}\n\n${table(COLUMNS, rows, options)}`;
}

function cells(
  { agent, score, status, calls, success_rate, p95_ms, breaker }: AgentHealth,
  hasBar: boolean,
): readonly string[] {
  return [
    agent,
    score === null ? "unknown" : `${hasBar ? `${bar(score)} ` : ""}${shown(score).padStart(3)}`,
    status,
    formatCount(calls),
    success_rate === null ? "unknown" : percent(success_rate),
    p95_ms === null ? "unknown" : milliseconds(p95_ms),
    breaker ?? "",
  ];
}

function bar(score: number): string {
  const full = Math.round((score / 100) * BAR);
  return "█".repeat(full) + "░".repeat(BAR - full);
}

function shown(score: number): string {
  return String(Math.round(score));
}

/** Never up to 100 % while something failed. */
function percent(share: number): string {
  return `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`;
}

function milliseconds(ms: number): string {
  return formatDuration(BigInt(Math.round(ms * 1e6)));
}
