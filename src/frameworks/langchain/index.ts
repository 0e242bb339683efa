/**
 * LangChain.js and LangGraph.js, through their callbacks.
 *
 * @module agent-otel/langchain
 */

export { type AgentOtelHandler, agentOtelHandler } from "./handler.ts";
export type { LangChainOptions, LangChainPart } from "./options.ts";
export { type LangChainCallbacks, traceLangChain } from "./trace-langchain.ts";
