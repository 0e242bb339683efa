import { currentAgent, formatTotals, type RunLogger } from "agent-otel";

/** Where a line was logged. Without an SDK there are no ids. */
interface Place {
  readonly agent: string | undefined;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

// In a narrow window the ids get as short as they stay useful: `agent-otel trace FILE` takes the start of one.
const ID_LENGTH = process.stdout.isTTY && process.stdout.columns < 140 ? 8 : 32;
const MAX_QUOTED = 100;

/** `10:15:02.123 [trace id, span id] INFO supervisor — message`, with the ids and the agent of the place that logs. */
export const log = {
  info: (message: string) => write("INFO", message, placeOf(currentAgent())),
  warn: (message: string) => write("WARN", message, placeOf(currentAgent())),
};

/** Says when an agent or workflow ends, and what it took. Their start is told by the agents, which know the task. */
export const runLogger: RunLogger = {
  info(_, { agent, traceId, spanId, totals, outcome }) {
    if (totals === undefined) return;
    const how = outcome === "ok" ? "" : ` (${outcome})`;
    write("INFO", `finished${how}: ${formatTotals(totals)}`, { agent, traceId, spanId });
  },
};

/** Text of a model or a tool, on one line and not too long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}

function placeOf(current: ReturnType<typeof currentAgent>): Place {
  return { agent: current?.name, traceId: current?.traceId, spanId: current?.spanId };
}

function write(level: string, message: string, { agent, traceId, spanId }: Place): void {
  const time = new Date().toISOString().slice(11, 23);
  const ids = `${traceId?.slice(0, ID_LENGTH) ?? "no-trace"} ${spanId?.slice(0, ID_LENGTH) ?? "no-span"}`;
  console.log(`${time} [${ids}] ${level} ${agent ?? "-"} — ${message}`);
}
