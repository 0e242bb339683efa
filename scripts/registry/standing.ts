/** Where a name comes from, and how firm it is. */
export interface Standing {
  readonly origin: string;
  readonly stability: "stable" | "development";
}

const PROPOSAL = "proposal open-telemetry/semantic-conventions-genai";

/**
 * @param name On the wire.
 * @param constant In semconv.ts.
 */
export function standingOf(name: string, constant: string): Standing {
  if (constant.startsWith("V141_")) return { origin: "GenAI conventions, v1.41", stability: "development" };
  if (name.startsWith("agents.")) return { origin: "agent-otel", stability: "development" };
  if (/^gen_ai\.(caller|transfer)\./.test(name))
    return { origin: `${PROPOSAL}#447`, stability: "development" };
  if (name.startsWith("gen_ai.usage.cost.")) return { origin: `${PROPOSAL}#443`, stability: "development" };
  if (/^(gen_ai|mcp)\./.test(name)) return { origin: "GenAI conventions", stability: "development" };
  const stability = name.startsWith("user.") ? "development" : "stable";
  return { origin: "OpenTelemetry semantic conventions", stability };
}
