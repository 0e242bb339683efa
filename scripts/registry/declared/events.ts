import type { AttributeKey, EventKey } from "./names.ts";
import { INFERENCE } from "./spans-genai.ts";

/** What the registry says of an event: one on a span, or a log record with a name. */
export interface EventDeclaration {
  readonly brief: string;
  readonly on: readonly ("span" | "log")[];
  /** Of log records, in OpenTelemetry's numbers. */
  readonly severity?: number;
  readonly required: readonly AttributeKey[];
  readonly recommended?: readonly AttributeKey[];
  readonly optIn?: readonly AttributeKey[];
}

const onSpan = (
  brief: string,
  required: readonly AttributeKey[],
  recommended: readonly AttributeKey[] = [],
): EventDeclaration => ({ brief, on: ["span"], required, recommended });

const EXCEPTION = ["ATTR_EXCEPTION_MESSAGE", "ATTR_EXCEPTION_STACKTRACE"] as const satisfies AttributeKey[];
const QUARANTINED = [
  "ATTR_GUARD_FIELD",
  "ATTR_GUARD_SOURCE",
  "ATTR_GUARD_REASON",
] as const satisfies AttributeKey[];

export const EVENTS: Readonly<Partial<Record<EventKey, EventDeclaration>>> = {
  EVENT_BREAKER_TRANSITION: onSpan("A breaker has changed its state.", [
    "ATTR_BREAKER_NAME",
    "ATTR_BREAKER_FROM",
    "ATTR_BREAKER_TO",
    "ATTR_BREAKER_REASON",
  ]),
  EVENT_BREAKER_REJECTION: onSpan(
    "A breaker has refused a call.",
    ["ATTR_BREAKER_NAME", "ATTR_BREAKER_STATE"],
    ["ATTR_BREAKER_RETRY_AFTER"],
  ),
  EVENT_TIER_CHANGED: onSpan("Another tier of a service answers than before.", [
    "ATTR_TIER_SERVICE",
    "ATTR_TIER",
  ]),
  EVENT_QUARANTINED: onSpan("A field is blocked.", QUARANTINED, ["ATTR_GUARD_NODE"]),
  EVENT_QUARANTINED_READ: onSpan("A blocked field was read.", QUARANTINED, ["ATTR_GUARD_NODE"]),
  EVENT_QUEUE_REJECTION: onSpan(
    "A queue or a supervisor has refused a task.",
    ["ATTR_QUEUE_REASON"],
    ["ATTR_QUEUE_NAME", "ATTR_QUEUE_PRIORITY", "ATTR_SUPERVISOR_NAME", "ATTR_TASK_TYPE"],
  ),
  EVENT_WORKFLOW_RESUMED: onSpan("A run of a workflow goes on where it was left.", [
    "ATTR_WORKFLOW_COMPLETED",
    "ATTR_WORKFLOW_CRASHES",
  ]),
  EVENT_DEAD_LETTER_ADDED: onSpan("A task was given up and put among the dead letters.", [
    "ATTR_DEAD_LETTER_QUEUE",
    "ATTR_TASK_TYPE",
    "ATTR_DEAD_LETTER_REASON",
  ]),
  EVENT_RATE_LIMIT_REJECTION: onSpan(
    "A rate limit has refused a call.",
    ["ATTR_RATE_LIMIT_NAME", "ATTR_RATE_LIMIT_REASON"],
    ["ATTR_RATE_LIMIT_RETRY_AFTER"],
  ),
  EVENT_ROUTER_DECISION: onSpan(
    "A router has picked a model, or found none.",
    ["ATTR_ROUTER_NAME", "ATTR_ROUTER_COMPLEXITY"],
    ["ATTR_ROUTER_MODEL", "ATTR_ERROR_TYPE"],
  ),
  EVENT_BUDGET_REJECTION: onSpan(
    "A budget has refused a call, or tokens.",
    [],
    [
      "ATTR_BUDGET_NAME",
      "ATTR_BUDGET_WINDOW",
      "ATTR_EXCEPTION_MESSAGE",
      "ATTR_TOKEN_BUDGET_NAME",
      "ATTR_TOKEN_BUDGET_AGENT",
      "ATTR_ERROR_TYPE",
    ],
  ),
  EVENT_BUDGET_NEARLY_USED: onSpan("Most of a budget is used; once for each window.", [
    "ATTR_BUDGET_NAME",
    "ATTR_BUDGET_WINDOW",
    "ATTR_BUDGET_SHARE",
  ]),
  EVENT_MEMORY_COMPACTION: onSpan("Messages have left a window.", [
    "ATTR_MEMORY_NAME",
    "ATTR_MEMORY_LEFT_MESSAGES",
    "ATTR_MEMORY_LEFT_TOKENS",
    "ATTR_MEMORY_KEPT_MESSAGES",
    "ATTR_MEMORY_KEPT_TOKENS",
  ]),
  EVENT_STATE_CONFLICT: onSpan("Somebody else had written a key since it was read.", [
    "ATTR_STATE_NAME",
    "ATTR_STATE_KEY",
    "ATTR_STATE_STRATEGY",
    "ATTR_STATE_OUTCOME",
  ]),
  EVENT_FAILURE_MODE: onSpan(
    "A detector has found a failure mode.",
    ["ATTR_FAILURE_MODE", "ATTR_AGENT_NAME", "ATTR_FAILURE_MODE_ACTION", "ATTR_FAILURE_MODE_REASON"],
    [
      "ATTR_FAILURE_MODE_MAST",
      "ATTR_FAILURE_MODE_COUNT",
      "ATTR_FAILURE_MODE_LIMIT",
      "ATTR_FAILURE_MODE_NAMES",
      "ATTR_FAILURE_MODE_SPANS",
    ],
  ),
  EVENT_TOOL_GUARD_REJECTION: onSpan(
    "A guard has refused a tool call of a model.",
    ["ATTR_TOOL_NAME", "ATTR_TOOL_GUARD_REASON"],
    ["ATTR_AGENT_NAME", "ATTR_TOOL_GUARD_REQUESTED", "ATTR_TOOL_GUARD_FIELDS"],
  ),
  EVENT_GOAL_MET: onSpan("The program says that the goal is met.", []),
  EVENT_PROGRESS: onSpan("The program says that there was progress.", []),
  EVENT_EXCEPTION: onSpan(
    "What a call threw that a fallback, a step or a replay has dealt with.",
    ["ATTR_EXCEPTION_TYPE"],
    [...EXCEPTION, "ATTR_FALLBACK_KIND", "ATTR_FALLBACK_OUTCOME"],
  ),
  EVENT_INFERENCE_DETAILS: {
    brief: "A model call with its content; only where content is captured in events.",
    on: ["log"],
    severity: 5,
    required: INFERENCE.required,
    recommended: INFERENCE.recommended,
    ...(INFERENCE.optIn && { optIn: INFERENCE.optIn }),
  },
  EVENT_EVALUATION: {
    brief: "How good an answer was; on the span that is evaluated while it lasts, else on a span of its own.",
    on: ["span", "log"],
    severity: 9,
    required: ["ATTR_EVALUATION_NAME"],
    recommended: [
      "ATTR_EVALUATION_SCORE",
      "ATTR_EVALUATION_LABEL",
      "ATTR_EVALUATION_EXPLANATION",
      "ATTR_RESPONSE_ID",
    ],
  },
  EVENT_OPERATION_EXCEPTION: {
    brief: "A model call has failed, after all retries.",
    on: ["log"],
    severity: 13,
    required: ["ATTR_EXCEPTION_TYPE"],
    recommended: EXCEPTION,
  },
};
