/**
 * The OpenAI Agents SDK.
 *
 * @module agent-otel/openai-agents
 */

export type { OpenAIAgentsOptions } from "./options.ts";
export { agentOtelProcessor } from "./processor.ts";
export type { OpenAIAgentsModule, SdkTracingProcessor } from "./sdk.ts";
export { type TraceOpenAIAgentsOptions, traceOpenAIAgents } from "./trace-openai-agents.ts";
