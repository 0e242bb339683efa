import { buildSdk } from "./sdk-build.ts";
import type { AgentOtel } from "./sdk-handle.ts";
import type { StartOptions } from "./sdk-options.ts";
import { startOnce } from "./start-once.ts";

/**
 * Starts OpenTelemetry for this process: traces and metrics over OTLP/HTTP, agents, cost and graph included. The
 * environment configures it (`OTEL_*`, `AGENT_OTEL_*`); an option wins over the variables of its own field.
 *
 * Where the program has registered a tracer provider of its own, or says AGENT_OTEL_SDK=external, nothing is started: put
 * `agentSpanProcessor()` into that provider's processors.
 *
 * @returns A handle. The first one, with a warning, when called again.
 * @throws TypeError or RangeError on a bad variable or option, with its name, what it allows and the value it has;
 *   PriceFileError on a price file that cannot be read. Prices are loaded in every state, as budgets need no SDK.
 */
export function start(options: StartOptions = {}): AgentOtel {
  return startOnce(options, buildSdk);
}
