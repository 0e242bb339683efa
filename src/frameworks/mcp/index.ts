/**
 * The Model Context Protocol, both sides of it.
 *
 * @module agent-otel/mcp
 */

export type { McpPeer } from "./messages.ts";
export { type TraceMcpOptions, traceMcp } from "./trace-mcp.ts";
