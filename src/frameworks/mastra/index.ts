/**
 * Mastra, as a bridge of its observability.
 *
 * @module agent-otel/mastra
 */

export { agentOtelBridge, type MastraOptions } from "./agent-otel-bridge.ts";
export type { MastraBridge, MastraExportedSpan, MastraSpanIds, MastraSpanOptions } from "./mastra-span.ts";
