import type { AttributeKey } from "./names.ts";
import { MCP_REQUEST, type SpanDeclaration } from "./span.ts";
import { CALL, MADE_BY } from "./spans-genai.ts";

const NAMES = [
  "{mcp.method.name} {gen_ai.tool.name}",
  "{mcp.method.name} {gen_ai.prompt.name}",
  "{mcp.method.name}",
] as const;
const REQUIRED = ["ATTR_MCP_METHOD", "ATTR_JSONRPC_REQUEST_ID"] as const satisfies readonly AttributeKey[];
const RECOMMENDED = [
  ...MCP_REQUEST.slice(2),
  ...CALL,
  ...MADE_BY,
  "ATTR_TOOL_NAME",
  "ATTR_PROMPT_NAME",
  "ATTR_MCP_RESOURCE_URI",
] as const satisfies readonly AttributeKey[];

/** Before the spans of tools: a call of a tool over the protocol is both. */
export const MCP_SPANS: readonly SpanDeclaration[] = [
  {
    type: "mcp.client",
    kind: "client",
    brief: "A request of the Model Context Protocol, where it is sent.",
    names: NAMES,
    when: { has: "ATTR_MCP_METHOD" },
    required: REQUIRED,
    recommended: [...RECOMMENDED, "ATTR_OPERATION", "ATTR_TOOL_TYPE", "ATTR_TOOL_DIGEST"],
    optIn: ["ATTR_TOOL_ARGUMENTS"],
  },
  {
    type: "mcp.server",
    kind: "server",
    brief: "A request of the Model Context Protocol, where it is answered.",
    names: NAMES,
    when: { has: "ATTR_MCP_METHOD" },
    required: REQUIRED,
    recommended: RECOMMENDED,
  },
];
