import type { AttributeKey } from "./names.ts";
import { MARKS, MCP_REQUEST, type SpanDeclaration } from "./span.ts";

/** Of every call: of a model, an agent, a tool or a workflow. */
export const CALL = [
  "ATTR_ERROR_TYPE",
  "ATTR_CONVERSATION_ID",
  "ATTR_USER_ID",
  "ATTR_SESSION_TAGS",
  "ATTR_BREAKER_NAME",
  "ATTR_BREAKER_STATE",
  ...MARKS,
] as const satisfies readonly AttributeKey[];

const CALLER = ["ATTR_CALLER_TYPE", "ATTR_CALLER_NAME"] as const satisfies readonly AttributeKey[];
/** The agent that makes a call, or the workflow that makes it outside of its agents. */
export const MADE_BY = ["ATTR_AGENT_NAME", "ATTR_WORKFLOW_NAME"] as const satisfies readonly AttributeKey[];

const TOTALS = [
  "ATTR_OWN_CALLS",
  "ATTR_OWN_TOKENS",
  "ATTR_OWN_COST",
  "ATTR_SUBTREE_CALLS",
  "ATTR_SUBTREE_TOKENS",
  "ATTR_SUBTREE_COST",
] as const satisfies readonly AttributeKey[];

const WATCHED = ["ATTR_CALL_DIGEST", "ATTR_AGENT_DEADLINE"] as const satisfies readonly AttributeKey[];

const MODEL = [
  ...CALL,
  ...MADE_BY,
  "ATTR_PROVIDER",
  "ATTR_REQUEST_MODEL",
  "ATTR_RESPONSE_MODEL",
  "ATTR_RESPONSE_ID",
  "ATTR_SERVER_ADDRESS",
  "ATTR_SERVER_PORT",
  "ATTR_USAGE_INPUT",
  "ATTR_USAGE_OUTPUT",
  "ATTR_COST_AMOUNT",
  "ATTR_COST_CURRENCY",
  "ATTR_COST_SOURCE",
] as const satisfies readonly AttributeKey[];

const CONTENT = ["ATTR_INPUT_MESSAGES", "ATTR_OUTPUT_MESSAGES"] as const satisfies readonly AttributeKey[];
const TOOL = [
  ...CALL,
  ...MADE_BY,
  "ATTR_TOOL_TYPE",
  "ATTR_TOOL_CALL_ID",
  "ATTR_TOOL_DESCRIPTION",
  "ATTR_TOOL_DIGEST",
  "ATTR_TOOL_REPEATABLE",
  // Where the tool is one of a server of the Model Context Protocol.
  ...MCP_REQUEST,
] as const satisfies readonly AttributeKey[];
const TOOL_CONTENT = ["ATTR_TOOL_ARGUMENTS", "ATTR_TOOL_RESULT"] as const satisfies readonly AttributeKey[];

/** Attributes of the span of a model call, which its event has too. */
export const INFERENCE: SpanDeclaration = {
  type: "gen_ai.client.inference",
  kind: "client",
  brief: "A model call.",
  names: ["{gen_ai.operation.name} {gen_ai.request.model}", "{gen_ai.operation.name}"],
  when: { operation: ["chat", "generate_content", "text_completion"] },
  required: ["ATTR_OPERATION"],
  recommended: [
    ...MODEL,
    "ATTR_FINISH_REASONS",
    "ATTR_REQUEST_MAX_TOKENS",
    "ATTR_REQUEST_TEMPERATURE",
    "ATTR_REQUEST_TOP_P",
    "ATTR_REQUEST_TOP_K",
    "ATTR_REQUEST_FREQUENCY_PENALTY",
    "ATTR_REQUEST_PRESENCE_PENALTY",
    "ATTR_REQUEST_SEED",
    "ATTR_REQUEST_STOP_SEQUENCES",
    "ATTR_REQUEST_CHOICE_COUNT",
    "ATTR_REQUEST_STREAM",
    "ATTR_REQUEST_REASONING_LEVEL",
    "ATTR_REQUEST_PREVIOUS_RESPONSE",
    "ATTR_OUTPUT_TYPE",
    "ATTR_TIME_TO_FIRST_CHUNK",
    "ATTR_TIME_PER_OUTPUT_CHUNK",
    "ATTR_USAGE_CACHE_READ",
    "ATTR_USAGE_CACHE_WRITE",
    "ATTR_USAGE_REASONING",
    "ATTR_USAGE_AUDIO_INPUT",
    "ATTR_USAGE_AUDIO_OUTPUT",
  ],
  optIn: [...CONTENT, "ATTR_SYSTEM_INSTRUCTIONS", "ATTR_TOOL_DEFINITIONS"],
};

/** Spans of the GenAI conventions and of proposals to them. */
export const GENAI_SPANS: readonly SpanDeclaration[] = [
  INFERENCE,
  {
    type: "gen_ai.embeddings.client",
    kind: "client",
    brief: "A call for embeddings.",
    names: ["embeddings {gen_ai.request.model}", "embeddings"],
    when: { operation: ["embeddings"] },
    required: ["ATTR_OPERATION"],
    recommended: [...MODEL, "ATTR_REQUEST_ENCODING_FORMATS", "ATTR_EMBEDDINGS_DIMENSIONS"],
  },
  {
    type: "gen_ai.invoke_agent.internal",
    kind: "internal",
    brief: "A call of an agent in this process.",
    names: ["invoke_agent {gen_ai.agent.name}"],
    when: { operation: ["invoke_agent"] },
    required: ["ATTR_OPERATION", "ATTR_AGENT_NAME"],
    recommended: [
      ...CALL,
      ...CALLER,
      ...TOTALS,
      ...WATCHED,
      "ATTR_AGENT_DESCRIPTION",
      "ATTR_AGENT_VERSION",
      "ATTR_AGENT_TOOLS",
      "ATTR_AGENT_VERIFIES",
      "ATTR_AGENT_VERIFIED_BY",
      "ATTR_AGENT_TIMEOUT",
      "ATTR_AGENT_MAX_ITERATIONS",
    ],
    optIn: CONTENT,
  },
  {
    type: "gen_ai.execute_tool.transfer.internal",
    kind: "internal",
    brief: "An agent that hands its work over to another one.",
    names: ["execute_tool {gen_ai.tool.name} {gen_ai.transfer.target.name}"],
    when: { operation: ["execute_tool"], has: "ATTR_TRANSFER_TARGET" },
    required: ["ATTR_OPERATION", "ATTR_TOOL_NAME", "ATTR_TRANSFER_MODE", "ATTR_TRANSFER_TARGET"],
    recommended: TOOL,
    optIn: TOOL_CONTENT,
  },
  {
    type: "gen_ai.execute_tool.internal",
    kind: "internal",
    brief: "A call of a tool.",
    names: ["execute_tool {gen_ai.tool.name}"],
    when: { operation: ["execute_tool"] },
    required: ["ATTR_OPERATION", "ATTR_TOOL_NAME"],
    recommended: TOOL,
    optIn: TOOL_CONTENT,
  },
  {
    type: "gen_ai.invoke_workflow.internal",
    kind: "internal",
    brief: "A run of a workflow.",
    names: ["invoke_workflow {gen_ai.workflow.name}"],
    when: { operation: ["invoke_workflow"] },
    required: ["ATTR_OPERATION", "ATTR_WORKFLOW_NAME"],
    recommended: [
      ...CALL,
      ...CALLER,
      ...TOTALS,
      ...WATCHED,
      "ATTR_WORKFLOW_REQUIRES",
      "ATTR_WORKFLOW_ID",
      "ATTR_AGENT_VERIFIED_BY",
    ],
    optIn: CONTENT,
  },
  {
    type: "gen_ai.plan.internal",
    kind: "internal",
    brief: "An agent that makes a plan.",
    names: ["plan {gen_ai.agent.name}"],
    when: { operation: ["plan"] },
    required: ["ATTR_OPERATION", "ATTR_AGENT_NAME"],
    recommended: [...CALL, ...CALLER],
  },
];
