/**
 * The Claude Agent SDK.
 *
 * @module agent-otel/claude-agent-sdk
 */

export type { ClaudeAgentOptions } from "./options.ts";
export { type ClaudeQueryFunction, traceClaudeAgent } from "./trace-claude-agent.ts";
