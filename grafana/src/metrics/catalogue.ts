import * as names from "../../../src/telemetry/semconv.ts";

export type Kind = "counter" | "gauge" | "histogram";

/** A metric as the package emits it. */
export interface Metric {
  /** As in semconv.ts, with dots. */
  readonly name: string;
  readonly kind: Kind;
  /** UCUM: `s`, `By`, `1`, or an annotation such as `{USD}`. */
  readonly unit: string;
  /** Attributes that its points may carry. */
  readonly attributes: readonly string[];
}

const of =
  (kind: Kind) =>
  (name: string, unit: string, ...attributes: readonly string[]): Metric => ({
    name,
    kind,
    unit,
    attributes,
  });
const counter = of("counter");
const gauge = of("gauge");
const histogram = of("histogram");

const { ATTR_AGENT_NAME: AGENT, ATTR_ERROR_TYPE: ERROR, ATTR_TOOL_NAME: TOOL } = names;
const WORKFLOW = names.ATTR_WORKFLOW_NAME;
const MODEL_CALL = [names.ATTR_OPERATION, names.ATTR_PROVIDER, names.ATTR_REQUEST_MODEL, AGENT] as const;
const TOKENS = [...MODEL_CALL, names.ATTR_TOKEN_MODALITY] as const;
const BREAKER = names.ATTR_BREAKER_NAME;
const BUDGET = [names.ATTR_BUDGET_NAME, names.ATTR_BUDGET_WINDOW] as const;
const TOKEN_BUDGET = [names.ATTR_TOKEN_BUDGET_NAME, names.ATTR_TOKEN_BUDGET_AGENT] as const;
const LIMIT = names.ATTR_RATE_LIMIT_NAME;
const QUEUE = names.ATTR_QUEUE_NAME;
const WORKER = [names.ATTR_SUPERVISOR_NAME, names.ATTR_WORKER_NAME] as const;
const LETTERS = names.ATTR_DEAD_LETTER_QUEUE;
const MEMORY = names.ATTR_MEMORY_NAME;
const STATE = names.ATTR_STATE_NAME;

/** Calls, tokens, cost and health, of which every agent has some. */
const CALLS: readonly Metric[] = [
  histogram(
    names.METRIC_INVOKE_AGENT_DURATION,
    "s",
    names.ATTR_CALLER_TYPE,
    names.ATTR_CALLER_NAME,
    AGENT,
    ERROR,
  ),
  histogram(names.METRIC_INVOKE_AGENT_INFERENCE_CALLS, "{inference_call}", AGENT),
  histogram(names.METRIC_INVOKE_AGENT_TOOL_CALLS, "{tool_call}", AGENT),
  histogram(names.METRIC_INFERENCE_DURATION, "s", ...MODEL_CALL, ERROR),
  histogram(names.METRIC_OPERATION_DURATION, "s", ...MODEL_CALL, ERROR),
  histogram(names.METRIC_TIME_TO_FIRST_CHUNK, "s", ...MODEL_CALL),
  histogram(names.METRIC_TIME_PER_OUTPUT_CHUNK, "s", ...MODEL_CALL),
  histogram(names.METRIC_EXECUTE_TOOL_DURATION, "s", TOOL, AGENT, ERROR),
  histogram(names.METRIC_INVOKE_WORKFLOW_DURATION, "s", WORKFLOW, ERROR),
  counter(names.METRIC_USAGE_INPUT, "{token}", ...TOKENS),
  counter(names.METRIC_USAGE_OUTPUT, "{token}", ...TOKENS),
  counter(names.METRIC_USAGE_CACHE_READ, "{token}", ...TOKENS),
  counter(names.METRIC_USAGE_CACHE_WRITE, "{token}", ...TOKENS),
  counter(names.METRIC_USAGE_REASONING, "{token}", ...TOKENS),
  histogram(names.METRIC_INPUT_TOKENS, "{token}", ...MODEL_CALL),
  histogram(names.METRIC_OUTPUT_TOKENS, "{token}", ...MODEL_CALL),
  counter(names.METRIC_COST, "{USD}", ...MODEL_CALL),
  counter(names.METRIC_INVOCATION_COST, "{USD}", names.ATTR_CALLER_TYPE, names.ATTR_CALLER_NAME, AGENT),
  counter(names.METRIC_WORKFLOW_COST, "{USD}", WORKFLOW),
  counter(names.METRIC_COST_UNPRICED, "{call}", ...MODEL_CALL),
  counter(names.METRIC_USAGE_UNKNOWN, "{call}", ...MODEL_CALL),
  gauge(names.METRIC_HEALTH_SCORE, "{score}", AGENT),
  gauge(names.METRIC_HEALTH_COMPONENT, "1", AGENT, names.ATTR_HEALTH_COMPONENT),
  counter(names.METRIC_FAILURE_MODES, "{finding}", AGENT, names.ATTR_FAILURE_MODE),
  counter(names.METRIC_TOOL_GUARD_REJECTIONS, "{call}", AGENT, TOOL, names.ATTR_TOOL_GUARD_REASON),
  counter(
    names.METRIC_EVALUATIONS,
    "{evaluation}",
    AGENT,
    names.ATTR_EVALUATION_NAME,
    names.ATTR_EVALUATION_LABEL,
  ),
  histogram(names.METRIC_EVALUATION_SCORE, "{score}", AGENT, names.ATTR_EVALUATION_NAME),
  counter(names.METRIC_ALERTS, "{alert}", names.ATTR_ALERT_RULE, names.ATTR_ALERT_OUTCOME),
];

const SPOOL: readonly Metric[] = [
  counter(names.METRIC_SPOOL_CREATED, "{span}"),
  counter(names.METRIC_SPOOL_RECOVERED, "{span}"),
  counter(names.METRIC_SPOOL_DELIVERED, "{span}"),
  counter(names.METRIC_SPOOL_REJECTED, "{span}"),
  counter(names.METRIC_SPOOL_DROPPED, "{span}", names.ATTR_SPOOL_REASON),
  counter(names.METRIC_SPOOL_CORRUPT, "{frame}"),
  counter(names.METRIC_SPOOL_RETRIES, "{request}"),
  counter(names.METRIC_SPOOL_FAILOVERS, "{request}"),
  gauge(names.METRIC_SPOOL_IN_MEMORY, "{span}"),
  gauge(names.METRIC_SPOOL_IN_SPOOL, "{span}"),
  gauge(names.METRIC_SPOOL_FRAMES, "{frame}"),
  gauge(names.METRIC_SPOOL_BYTES, "By"),
  gauge(names.METRIC_SPOOL_OLDEST_AGE, "s"),
];

const RESILIENCE: readonly Metric[] = [
  gauge(names.METRIC_BREAKER_STATE, "{breaker}", BREAKER, names.ATTR_BREAKER_STATE),
  counter(
    names.METRIC_BREAKER_TRANSITIONS,
    "{transition}",
    BREAKER,
    names.ATTR_BREAKER_FROM,
    names.ATTR_BREAKER_TO,
    names.ATTR_BREAKER_REASON,
  ),
  counter(names.METRIC_BREAKER_REJECTIONS, "{call}", BREAKER),
  counter(names.METRIC_BREAKER_LATE_RESULTS, "{call}", BREAKER),
  counter(names.METRIC_BREAKER_IGNORED_RESULTS, "{call}", BREAKER),
  counter(names.METRIC_BREAKER_STORE_FAILURES, "{failure}", BREAKER),
  counter(names.METRIC_FALLBACKS, "{call}", BREAKER, names.ATTR_FALLBACK_KIND, names.ATTR_FALLBACK_OUTCOME),
  counter(names.METRIC_TIER_CALLS, "{call}", names.ATTR_TIER_SERVICE, names.ATTR_TIER),
  gauge(names.METRIC_QUARANTINED_FIELDS, "{field}", names.ATTR_GUARD_NODE),
  counter(names.METRIC_QUARANTINED_READS, "{read}", names.ATTR_GUARD_NODE),
  counter(names.METRIC_LEDGER_ROWS, "{row}"),
  counter(names.METRIC_LEDGER_DROPPED, "{row}"),
  gauge(names.METRIC_LEDGER_WAITING, "{row}"),
];

const SPEND: readonly Metric[] = [
  gauge(names.METRIC_BUDGET_LIMIT, "{USD}", ...BUDGET),
  gauge(names.METRIC_BUDGET_USED, "{USD}", ...BUDGET),
  gauge(names.METRIC_BUDGET_ELAPSED, "1", ...BUDGET),
  counter(names.METRIC_BUDGET_REJECTIONS, "{call}", ...BUDGET),
  counter(names.METRIC_BUDGET_OVERRUN, "{USD}", names.ATTR_BUDGET_NAME),
  gauge(names.METRIC_TOKEN_BUDGET_LIMIT, "{token}", names.ATTR_TOKEN_BUDGET_NAME),
  gauge(names.METRIC_TOKEN_BUDGET_GRANTED, "{token}", ...TOKEN_BUDGET),
  gauge(names.METRIC_TOKEN_BUDGET_USED, "{token}", ...TOKEN_BUDGET),
  counter(names.METRIC_TOKEN_BUDGET_REJECTIONS, "{request}", ...TOKEN_BUDGET),
  counter(
    names.METRIC_ROUTER_DECISIONS,
    "{call}",
    names.ATTR_ROUTER_NAME,
    names.ATTR_ROUTER_MODEL,
    names.ATTR_ROUTER_COMPLEXITY,
  ),
  gauge(names.METRIC_ROUTER_SPENT, "{USD}", names.ATTR_ROUTER_NAME),
  gauge(names.METRIC_RATE_LIMIT_LIMIT, "{call}", LIMIT, names.ATTR_RATE_LIMIT_WINDOW),
  gauge(names.METRIC_RATE_LIMIT_TOKEN_LIMIT, "{token}", LIMIT, names.ATTR_RATE_LIMIT_WINDOW),
  counter(names.METRIC_RATE_LIMIT_ADMITTED, "{call}", LIMIT),
  counter(names.METRIC_RATE_LIMIT_REJECTIONS, "{call}", LIMIT, names.ATTR_RATE_LIMIT_REASON),
  gauge(names.METRIC_RATE_LIMIT_WAITING, "{call}", LIMIT),
  histogram(names.METRIC_RATE_LIMIT_WAIT, "s", LIMIT),
  counter(names.METRIC_RATE_LIMIT_PAUSES, "{pause}", LIMIT),
  counter(names.METRIC_RATE_LIMIT_STORE_FAILURES, "{failure}", LIMIT),
];

const WORK: readonly Metric[] = [
  gauge(names.METRIC_QUEUE_DEPTH, "{task}", QUEUE, names.ATTR_QUEUE_PRIORITY),
  gauge(names.METRIC_QUEUE_RUNNING, "{task}", QUEUE),
  gauge(names.METRIC_QUEUE_ZOMBIES, "{task}", QUEUE),
  gauge(names.METRIC_QUEUE_CONCURRENCY, "{task}", QUEUE),
  histogram(names.METRIC_QUEUE_WAIT, "s", QUEUE),
  counter(names.METRIC_QUEUE_REJECTIONS, "{task}", QUEUE, names.ATTR_QUEUE_REASON),
  gauge(names.METRIC_WORKER_STATE, "{worker}", ...WORKER, names.ATTR_WORKER_STATE),
  gauge(names.METRIC_WORKER_LOAD, "1", ...WORKER),
  counter(names.METRIC_WORKER_TASKS, "{task}", ...WORKER, names.ATTR_TASK_OUTCOME),
  counter(names.METRIC_SUPERVISOR_REJECTIONS, "{task}", names.ATTR_SUPERVISOR_NAME, names.ATTR_TASK_TYPE),
  counter(names.METRIC_WORKFLOW_RUNS, "{run}", WORKFLOW, names.ATTR_WORKFLOW_OUTCOME),
  counter(names.METRIC_WORKFLOW_RESUMES, "{run}", WORKFLOW),
  counter(
    names.METRIC_WORKFLOW_ATTEMPTS,
    "{attempt}",
    WORKFLOW,
    names.ATTR_WORKFLOW_STEP,
    names.ATTR_WORKFLOW_OUTCOME,
  ),
  counter(names.METRIC_WORKFLOW_REFUSALS, "{run}", WORKFLOW, ERROR),
  gauge(names.METRIC_WORKFLOW_RUNNING, "{run}", WORKFLOW),
  counter(
    names.METRIC_DEAD_LETTERS_ADDED,
    "{letter}",
    LETTERS,
    names.ATTR_TASK_TYPE,
    names.ATTR_DEAD_LETTER_REASON,
  ),
  counter(names.METRIC_DEAD_LETTERS_REFUSED, "{letter}", LETTERS, ERROR),
  counter(names.METRIC_DEAD_LETTERS_REPLAYS, "{replay}", LETTERS, names.ATTR_DEAD_LETTER_OUTCOME),
  gauge(names.METRIC_DEAD_LETTERS_UNRESOLVED, "{letter}", LETTERS),
  gauge(names.METRIC_DEAD_LETTERS_OLDEST_AGE, "s", LETTERS),
];

const MEMORIES: readonly Metric[] = [
  gauge(names.METRIC_MEMORY_TOKENS, "{token}", MEMORY),
  gauge(names.METRIC_MEMORY_MESSAGES, "{message}", MEMORY),
  gauge(names.METRIC_MEMORY_ENTRIES, "{entry}", MEMORY),
  counter(names.METRIC_MEMORY_COMPACTIONS, "{compaction}", MEMORY),
  counter(names.METRIC_MEMORY_EVICTED_MESSAGES, "{message}", MEMORY, names.ATTR_MEMORY_REASON),
  counter(names.METRIC_MEMORY_SUMMARIES, "{summary}", MEMORY, names.ATTR_MEMORY_OUTCOME),
  counter(names.METRIC_MEMORY_EVICTED_ENTRIES, "{entry}", MEMORY, names.ATTR_MEMORY_REASON),
  counter(names.METRIC_STATE_COMMITS, "{commit}", STATE, names.ATTR_STATE_OUTCOME),
  counter(names.METRIC_STATE_CONFLICTS, "{conflict}", STATE, names.ATTR_STATE_STRATEGY),
  counter(names.METRIC_STATE_RETRIES, "{attempt}", STATE),
  counter(names.METRIC_STATE_LOCK_TIMEOUTS, "{timeout}", STATE),
  gauge(names.METRIC_STATE_KEYS, "{key}", STATE),
];

const MCP_REQUEST = [names.ATTR_MCP_METHOD, TOOL, ERROR] as const;
const PROTOCOL: readonly Metric[] = [
  histogram(names.METRIC_MCP_CLIENT_DURATION, "s", ...MCP_REQUEST),
  histogram(names.METRIC_MCP_SERVER_DURATION, "s", ...MCP_REQUEST),
  histogram(names.METRIC_MCP_CLIENT_SESSION, "s"),
  histogram(names.METRIC_MCP_SERVER_SESSION, "s"),
];

/** Every metric of semconv.ts: what kind it is, its unit and its attributes. */
export const METRICS: readonly Metric[] = [
  ...CALLS,
  ...SPOOL,
  ...RESILIENCE,
  ...SPEND,
  ...WORK,
  ...MEMORIES,
  ...PROTOCOL,
];
