/** On functions that are agents: which one. Wrappers pass it on, so that what stands around an agent is still known to be that agent. */
export const AGENT_MARK = Symbol.for("agent-otel.agent");
