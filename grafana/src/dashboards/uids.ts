/** The boards, in the order of the question that they answer: what is wrong, with whom, what it costs, what holds it, and can one see it. */
export const BOARDS = {
  overview: { uid: "agent-otel-overview", title: "Agents: overview" },
  agent: { uid: "agent-otel-agent", title: "Agents: agent" },
  cost: { uid: "agent-otel-cost", title: "Agents: cost" },
  resilience: { uid: "agent-otel-resilience", title: "Agents: resilience" },
  telemetry: { uid: "agent-otel-telemetry", title: "Agents: telemetry health" },
} as const;

export type BoardName = keyof typeof BOARDS;
