import { systemHealth } from "../../../server/api/agents.ts";
import { UsageError } from "../../cli-error.ts";
import { EXIT_OK, type ExitCode, type Terminal } from "../../command.ts";
import { parseCommandArgs } from "../../parse-args.ts";
import { askAgents } from "../../telemetry/ask-agents.ts";
import { PLACE_OPTIONS, telemetryPlace } from "../../telemetry/telemetry-place.ts";
import { jsonLine } from "../ledger/json-line.ts";
import { healthView } from "./view.ts";

/** @throws UsageError, CliError. */
export async function showHealth(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseCommandArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      ...PLACE_OPTIONS,
      url: { type: "string" },
      json: { type: "boolean" },
      color: { type: "boolean" },
    },
  });
  if (positionals.length > 0)
    throw new UsageError(`health takes options only, not "${positionals.join(" ")}"`);
  const health = await askAgents(telemetryPlace(values), "health", systemHealth);
  const options = { color: values.color ?? terminal.color, width: terminal.columns };
  terminal.out(values.json ? jsonLine(health) : healthView(health, options));
  return EXIT_OK;
}
