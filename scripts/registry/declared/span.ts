import type { AttributeKey } from "./names.ts";

/** What the registry says of a kind of span that the package makes. */
export interface SpanDeclaration {
  /** As the conventions have it, or under `agents.`. */
  readonly type: string;
  readonly kind: "internal" | "client" | "server";
  readonly brief: string;
  /** Formats of its name, the first one that can be filled counts; `{key}` stands for the value of that attribute. */
  readonly names: readonly string[];
  /** How it is told from others: the first of this list that fits. */
  readonly when: {
    readonly operation?: readonly string[];
    readonly has?: AttributeKey;
    readonly startsWith?: string;
  };
  readonly required: readonly AttributeKey[];
  readonly recommended: readonly AttributeKey[];
  /** Only where content is captured. */
  readonly optIn?: readonly AttributeKey[];
}

/** On whichever span is active when something is refused or picked. */
export const MARKS = [
  "ATTR_QUEUE_NAME",
  "ATTR_QUEUE_REASON",
  "ATTR_SUPERVISOR_NAME",
  "ATTR_RATE_LIMIT_NAME",
  "ATTR_RATE_LIMIT_REASON",
  "ATTR_ROUTER_NAME",
  "ATTR_TOKEN_BUDGET_NAME",
] as const satisfies readonly AttributeKey[];

/** Of a request of the Model Context Protocol, wherever its span is. */
export const MCP_REQUEST = [
  "ATTR_MCP_METHOD",
  "ATTR_JSONRPC_REQUEST_ID",
  "ATTR_MCP_SESSION_ID",
  "ATTR_MCP_PROTOCOL_VERSION",
  "ATTR_NETWORK_TRANSPORT",
  "ATTR_RPC_STATUS_CODE",
] as const satisfies readonly AttributeKey[];
