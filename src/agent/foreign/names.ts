// Names of dialects that are not the GenAI conventions'. Those of usage are in cost/readers/span-attributes.ts.

/** OpenInference. */
export const OI_SPAN_KIND = "openinference.span.kind";
/** OpenLLMetry. */
export const TRACELOOP_SPAN_KIND = "traceloop.span.kind";
export const TRACELOOP_ENTITY_NAME = "traceloop.entity.name";
/** OpenLLMetry before it took the conventions' operation. */
export const LLM_REQUEST_TYPE = "llm.request.type";
/** The Vercel AI SDK. */
export const AI_OPERATION_ID = "ai.operationId";
export const AI_FUNCTION_ID = "ai.telemetry.functionId";
/** Langfuse. */
export const LANGFUSE_TYPE = "langfuse.observation.type";
export const LANGFUSE_MODEL = "langfuse.observation.model.name";
export const LANGFUSE_USAGE = "langfuse.observation.usage_details";

/** The first that is there is the model that was asked for. */
export const REQUEST_MODEL: readonly string[] = [
  "llm.request.model_name",
  "llm.model_name",
  "embedding.model_name",
  "ai.model.id",
  LANGFUSE_MODEL,
];
export const RESPONSE_MODEL: readonly string[] = ["llm.response.model_name", "ai.response.model"];
export const AGENT_NAME: readonly string[] = ["agent.name", TRACELOOP_ENTITY_NAME, AI_FUNCTION_ID];
export const TOOL_NAME: readonly string[] = ["tool.name", TRACELOOP_ENTITY_NAME, "ai.toolCall.name"];
/** On the spans of an agent's model and tool calls. */
export const AGENT_AROUND: readonly string[] = ["agent.name", AI_FUNCTION_ID];
