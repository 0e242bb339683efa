/** On functions that are tools: which one. Wrappers pass it on, so that nobody makes a second span around it. */
export const TOOL_MARK = Symbol.for("agent-otel.tool");
