import { logRuns } from "../agent/run-log.ts";
import { stderrWriter } from "../internal/stderr-writer.ts";
import { checkChoice, type Environment, readText } from "./environment/variables.ts";

/**
 * Sends the lines about runs to stderr, as AGENT_OTEL_LOG says: `root` for the end of each request, which is the default,
 * `agents` for start and end of every agent, `none`.
 *
 * @throws TypeError on another value.
 */
export function startRunLog(env: Environment): void {
  const text = readText(env, "AGENT_OTEL_LOG") ?? "root";
  const what = checkChoice("AGENT_OTEL_LOG", text, ["root", "agents", "none"]);
  if (what === "none") return;
  const write = stderrWriter();
  const info = (message: string): void => write(`${new Date().toISOString()} INFO agent-otel: ${message}`);
  logRuns({ info }, what);
}
