import { isModelOperation } from "../../agent/call-record.ts";
import * as names from "../../telemetry/semconv.ts";
import type { StepEnd, StepFacts, StepKind } from "./step.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** What a call is to detectors, from the attributes of its span. @returns `undefined` where it is none that they look at. */
export function stepOf(attributes: Attributes): StepFacts | undefined {
  const kind = kindOf(attributes);
  if (kind === undefined) return undefined;
  const agent = text(attributes[names.ATTR_AGENT_NAME]);
  const timeout = attributes[names.ATTR_AGENT_TIMEOUT];
  const maxIterations = attributes[names.ATTR_AGENT_MAX_ITERATIONS];
  const digest = kind === "agent" || kind === "workflow" ? names.ATTR_CALL_DIGEST : names.ATTR_TOOL_DIGEST;
  return {
    kind,
    name: nameOf(kind, attributes) ?? "unknown",
    agent,
    conversation: text(attributes[names.ATTR_CONVERSATION_ID]),
    digest: text(attributes[digest]),
    repeatable: attributes[names.ATTR_TOOL_REPEATABLE] === true,
    tools: list(attributes[names.ATTR_AGENT_TOOLS]),
    verifies: list(attributes[names.ATTR_AGENT_VERIFIES]),
    verifiedBy: list(attributes[names.ATTR_AGENT_VERIFIED_BY]),
    requires: list(attributes[names.ATTR_WORKFLOW_REQUIRES]),
    maxIterations: typeof maxIterations === "number" ? maxIterations : undefined,
    timeoutMs: typeof timeout === "number" ? timeout * 1_000 : undefined,
    deadline: text(attributes[names.ATTR_AGENT_DEADLINE]),
  };
}

/** @param errorType `undefined` when it succeeded. */
export function endOf(attributes: Attributes, errorType: string | undefined, left = false): StepEnd {
  if (!isModelOperation(attributes[names.ATTR_OPERATION])) return { errorType, left };
  return {
    errorType,
    left,
    model: text(attributes[names.ATTR_REQUEST_MODEL]),
    inputTokens: count(attributes[names.ATTR_USAGE_INPUT]),
    outputTokens: count(attributes[names.ATTR_USAGE_OUTPUT]),
    finishReasons: list(attributes[names.ATTR_FINISH_REASONS]),
  };
}

function kindOf(attributes: Attributes): StepKind | undefined {
  const operation = attributes[names.ATTR_OPERATION];
  switch (operation) {
    case names.OP_INVOKE_AGENT:
      return "agent";
    case names.OP_INVOKE_WORKFLOW:
      return "workflow";
    case names.OP_EXECUTE_TOOL:
      return text(attributes[names.ATTR_TRANSFER_TARGET]) === undefined ? "tool" : "handoff";
    case names.OP_EMBEDDINGS:
      return undefined;
    default:
      return isModelOperation(operation) ? "model" : undefined;
  }
}

const NAME_OF: Readonly<Record<StepKind, string>> = {
  agent: names.ATTR_AGENT_NAME,
  workflow: names.ATTR_WORKFLOW_NAME,
  tool: names.ATTR_TOOL_NAME,
  handoff: names.ATTR_TRANSFER_TARGET,
  model: names.ATTR_REQUEST_MODEL,
};

function nameOf(kind: StepKind, attributes: Attributes): string | undefined {
  return text(attributes[NAME_OF[kind]]);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && Number.isFinite(value) ? value : undefined;
}

function list(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : undefined;
}
