import { type Graph, graph } from "../../../server/api/agents.ts";
import { PERIODS } from "../../../server/api/common.ts";
import { UsageError } from "../../cli-error.ts";
import { EXIT_OK, type ExitCode, type Terminal } from "../../command.ts";
import { oneOf } from "../../one-of.ts";
import { parseCommandArgs } from "../../parse-args.ts";
import { askAgents } from "../../telemetry/ask-agents.ts";
import { PLACE_OPTIONS, telemetryPlace } from "../../telemetry/telemetry-place.ts";
import { jsonLine } from "../ledger/json-line.ts";
import type { TableOptions } from "../ledger/table.ts";
import { dotText } from "./dot.ts";
import { mermaidText } from "./mermaid.ts";
import { graphView } from "./view.ts";

const FORMATS = ["text", "dot", "mermaid"] as const;

/** @throws UsageError, CliError. */
export async function showGraph(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseCommandArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      ...PLACE_OPTIONS,
      url: { type: "string" },
      period: { type: "string" },
      format: { type: "string" },
      json: { type: "boolean" },
      color: { type: "boolean" },
    },
  });
  if (positionals.length > 0)
    throw new UsageError(`graph takes options only, not "${positionals.join(" ")}"`);
  if (values.json && values.format !== undefined) throw new UsageError("give --json or --format, not both");
  const period = oneOf("--period", PERIODS, values.period ?? "daily");
  const format = oneOf("--format", FORMATS, values.format ?? "text");
  const found = await askAgents(telemetryPlace(values), `metrics/interactions?period=${period}`, graph);
  const options = { color: values.color ?? terminal.color, width: terminal.columns };
  terminal.out(values.json ? jsonLine(found) : drawn(found, format, options));
  return EXIT_OK;
}

function drawn(found: Graph, format: (typeof FORMATS)[number], options: TableOptions): string {
  if (format === "dot") return dotText(found);
  return format === "mermaid" ? mermaidText(found) : graphView(found, options);
}
