/**
 * Every span, attribute and metric name that this package reads or writes, and nothing else.
 *
 * `gen_ai.*` is the GenAI conventions at commit 6fd0d763a092db245a54104fc1124031eb3c51d2 (October 2026), plus the two
 * open proposals that the package follows: caller and transfer (#447) and cost (#443). `agents.*` is ours, where no
 * convention exists.
 */

/** Instrumentation scope of every span and metric that this package makes. */
export const SCOPE_NAME = "agent-otel";

// Operations: values of gen_ai.operation.name.
export const OP_CHAT = "chat";
export const OP_GENERATE_CONTENT = "generate_content";
export const OP_TEXT_COMPLETION = "text_completion";
export const OP_EMBEDDINGS = "embeddings";
export const OP_INVOKE_AGENT = "invoke_agent";
export const OP_EXECUTE_TOOL = "execute_tool";
export const OP_INVOKE_WORKFLOW = "invoke_workflow";
export const OP_PLAN = "plan";

// Attributes of the GenAI conventions.
export const ATTR_OPERATION = "gen_ai.operation.name";
export const ATTR_PROVIDER = "gen_ai.provider.name";
export const ATTR_REQUEST_MODEL = "gen_ai.request.model";
export const ATTR_RESPONSE_MODEL = "gen_ai.response.model";
export const ATTR_RESPONSE_ID = "gen_ai.response.id";
export const ATTR_FINISH_REASONS = "gen_ai.response.finish_reasons";
export const ATTR_REQUEST_ENCODING_FORMATS = "gen_ai.request.encoding_formats";
export const ATTR_EMBEDDINGS_DIMENSIONS = "gen_ai.embeddings.dimension.count";
export const ATTR_TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk";
export const ATTR_REQUEST_MAX_TOKENS = "gen_ai.request.max_tokens";
export const ATTR_REQUEST_TEMPERATURE = "gen_ai.request.temperature";
export const ATTR_REQUEST_TOP_P = "gen_ai.request.top_p";
export const ATTR_REQUEST_TOP_K = "gen_ai.request.top_k";
export const ATTR_REQUEST_FREQUENCY_PENALTY = "gen_ai.request.frequency_penalty";
export const ATTR_REQUEST_PRESENCE_PENALTY = "gen_ai.request.presence_penalty";
export const ATTR_REQUEST_SEED = "gen_ai.request.seed";
export const ATTR_REQUEST_STOP_SEQUENCES = "gen_ai.request.stop_sequences";
export const ATTR_REQUEST_CHOICE_COUNT = "gen_ai.request.choice.count";
export const ATTR_REQUEST_STREAM = "gen_ai.request.stream";
export const ATTR_REQUEST_REASONING_LEVEL = "gen_ai.request.reasoning.level";
export const ATTR_REQUEST_PREVIOUS_RESPONSE = "gen_ai.request.previous_response.id";
export const ATTR_OUTPUT_TYPE = "gen_ai.output.type";
export const ATTR_CONVERSATION_ID = "gen_ai.conversation.id";
export const ATTR_AGENT_NAME = "gen_ai.agent.name";
export const ATTR_AGENT_DESCRIPTION = "gen_ai.agent.description";
export const ATTR_AGENT_VERSION = "gen_ai.agent.version";
export const ATTR_CALLER_TYPE = "gen_ai.caller.type";
export const ATTR_CALLER_NAME = "gen_ai.caller.name";
export const ATTR_TRANSFER_MODE = "gen_ai.transfer.mode";
export const ATTR_TRANSFER_TARGET = "gen_ai.transfer.target.name";
export const ATTR_TOOL_NAME = "gen_ai.tool.name";
export const ATTR_TOOL_TYPE = "gen_ai.tool.type";
export const ATTR_TOOL_DESCRIPTION = "gen_ai.tool.description";
export const ATTR_WORKFLOW_NAME = "gen_ai.workflow.name";
export const ATTR_TOKEN_MODALITY = "gen_ai.token.modality";
export const ATTR_INPUT_MESSAGES = "gen_ai.input.messages";
export const ATTR_OUTPUT_MESSAGES = "gen_ai.output.messages";
export const ATTR_TOOL_CALL_ID = "gen_ai.tool.call.id";
export const ATTR_TOOL_ARGUMENTS = "gen_ai.tool.call.arguments";
export const ATTR_TOOL_RESULT = "gen_ai.tool.call.result";

// Usage and cost: on model spans only.
export const ATTR_USAGE_INPUT = "gen_ai.usage.input_tokens";
export const ATTR_USAGE_OUTPUT = "gen_ai.usage.output_tokens";
export const ATTR_USAGE_CACHE_READ = "gen_ai.usage.cache_read.input_tokens";
export const ATTR_USAGE_CACHE_WRITE = "gen_ai.usage.cache_write.input_tokens";
export const ATTR_USAGE_REASONING = "gen_ai.usage.reasoning.output_tokens";
export const ATTR_USAGE_AUDIO_INPUT = "gen_ai.usage.audio.input_tokens";
export const ATTR_USAGE_AUDIO_OUTPUT = "gen_ai.usage.audio.output_tokens";
export const ATTR_COST_AMOUNT = "gen_ai.usage.cost.amount";
export const ATTR_COST_CURRENCY = "gen_ai.usage.cost.currency";
/** `provider`: came with the answer. `local`: computed here from prices. */
export const ATTR_COST_SOURCE = "gen_ai.usage.cost.source";

// General conventions.
export const ATTR_ERROR_TYPE = "error.type";
export const ATTR_SERVER_ADDRESS = "server.address";
export const ATTR_SERVER_PORT = "server.port";
export const ATTR_SERVICE_NAME = "service.name";

// Ours, on the resource.
/** Who counts the calls of this process: `sdk` where it exports metrics itself. Else the collector derives them from its spans. */
export const ATTR_METRICS_SOURCE = "agents.metrics.source";
export const METRICS_SOURCE_SDK = "sdk";

// Ours: totals of one agent or workflow call. `own` is its own model calls, `subtree` with those of every agent below.
export const ATTR_AGENT_TOOLS = "agents.tools";
export const ATTR_OWN_CALLS = "agents.own.calls";
export const ATTR_OWN_TOKENS = "agents.own.tokens";
export const ATTR_OWN_COST = "agents.own.cost";
/** Seconds, the mean over one answer. */
export const ATTR_TIME_PER_OUTPUT_CHUNK = "agents.response.time_per_output_chunk";
export const ATTR_SUBTREE_CALLS = "agents.subtree.calls";
export const ATTR_SUBTREE_TOKENS = "agents.subtree.tokens";
export const ATTR_SUBTREE_COST = "agents.subtree.cost";
/** On model spans of others that our processor has read: `true` on one that counts, `false` on one that repeats another. */
export const ATTR_CALL_COUNTED = "agents.call.counted";

// Metrics of the conventions.
export const METRIC_INFERENCE_DURATION = "gen_ai.client.inference.duration";
export const METRIC_OPERATION_DURATION = "gen_ai.client.operation.duration";
export const METRIC_TIME_TO_FIRST_CHUNK = "gen_ai.client.inference.time_to_first_chunk";
export const METRIC_TIME_PER_OUTPUT_CHUNK = "gen_ai.client.inference.time_per_output_chunk";
export const METRIC_USAGE_INPUT = "gen_ai.client.inference.usage.input_tokens";
export const METRIC_USAGE_OUTPUT = "gen_ai.client.inference.usage.output_tokens";
export const METRIC_USAGE_CACHE_READ = "gen_ai.client.inference.usage.cache_read.input_tokens";
export const METRIC_USAGE_CACHE_WRITE = "gen_ai.client.inference.usage.cache_write.input_tokens";
export const METRIC_USAGE_REASONING = "gen_ai.client.inference.usage.reasoning.output_tokens";
export const METRIC_INPUT_TOKENS = "gen_ai.client.inference.operation.input_tokens";
export const METRIC_OUTPUT_TOKENS = "gen_ai.client.inference.operation.output_tokens";
export const METRIC_INVOKE_AGENT_DURATION = "gen_ai.invoke_agent.duration";
export const METRIC_INVOKE_AGENT_INFERENCE_CALLS = "gen_ai.invoke_agent.inference_calls";
export const METRIC_INVOKE_AGENT_TOOL_CALLS = "gen_ai.invoke_agent.tool_calls";
export const METRIC_EXECUTE_TOOL_DURATION = "gen_ai.execute_tool.duration";
export const METRIC_INVOKE_WORKFLOW_DURATION = "gen_ai.invoke_workflow.duration";

// Metrics of ours.
/** {USD}, monotonic, by agent, model and provider. Exact at any sampling ratio. */
export const METRIC_COST = "agents.cost";
/** {USD}, monotonic, by caller and agent: the agent's own model calls, so that the sum over callers is the cost of the agent. */
export const METRIC_INVOCATION_COST = "agents.invocation.cost";
/** {USD}, monotonic, by workflow: everything below it. A workflow inside another counts in both. */
export const METRIC_WORKFLOW_COST = "agents.workflow.cost";
/** {call}, monotonic: model calls with usage whose price is not known, by agent, model and provider. */
export const METRIC_COST_UNPRICED = "agents.cost.unpriced";
/** Calls whose tokens nobody told. */
export const METRIC_USAGE_UNKNOWN = "agents.usage.unknown";

// The exporter that keeps spans until they are delivered. Units: {span} unless said otherwise.
export const METRIC_SPOOL_CREATED = "agents.spool.created";
export const METRIC_SPOOL_RECOVERED = "agents.spool.recovered";
export const METRIC_SPOOL_DELIVERED = "agents.spool.delivered";
export const METRIC_SPOOL_REJECTED = "agents.spool.rejected";
/** By reason. */
export const METRIC_SPOOL_DROPPED = "agents.spool.dropped";
/** {frame} */
export const METRIC_SPOOL_CORRUPT = "agents.spool.corrupt";
/** {request} */
export const METRIC_SPOOL_RETRIES = "agents.spool.retries";
/** {request} */
export const METRIC_SPOOL_FAILOVERS = "agents.spool.failovers";
/** Now waiting: in their batch, and in the queue. */
export const METRIC_SPOOL_IN_MEMORY = "agents.spool.in_memory";
export const METRIC_SPOOL_IN_SPOOL = "agents.spool.in_spool";
/** {frame} */
export const METRIC_SPOOL_FRAMES = "agents.spool.frames";
/** By */
export const METRIC_SPOOL_BYTES = "agents.spool.bytes";
/** s */
export const METRIC_SPOOL_OLDEST_AGE = "agents.spool.oldest_age";
export const ATTR_SPOOL_REASON = "agents.spool.reason";

// The receiver of `agent-otel dev`.
/** On a span: how many of its attributes, events and links were too many, and are not kept. */
export const ATTR_RECEIVER_DROPPED = "agents.receiver.dropped";

// Circuit breakers.
/** {breaker}: one series for each state, 1 for the one that it is in, else 0. */
export const METRIC_BREAKER_STATE = "agents.breaker.state";
/** {transition}, by breaker, from, to and reason. */
export const METRIC_BREAKER_TRANSITIONS = "agents.breaker.transitions";
/** {call}: refused without being made. */
export const METRIC_BREAKER_REJECTIONS = "agents.breaker.rejections";
/** {call}: results that came after the state that had admitted their call. */
export const METRIC_BREAKER_LATE_RESULTS = "agents.breaker.late_results";
/** {call}: results that said nothing about the dependency. */
export const METRIC_BREAKER_IGNORED_RESULTS = "agents.breaker.ignored_results";
/** {failure}: the shared store could not be reached, and the breaker went on locally. */
export const METRIC_BREAKER_STORE_FAILURES = "agents.breaker.store_failures";
export const ATTR_BREAKER_NAME = "agents.breaker.name";
export const ATTR_BREAKER_STATE = "agents.breaker.state.name";
export const ATTR_BREAKER_FROM = "agents.breaker.from";
export const ATTR_BREAKER_TO = "agents.breaker.to";
export const ATTR_BREAKER_REASON = "agents.breaker.reason";
/** Seconds. */
export const ATTR_BREAKER_RETRY_AFTER = "agents.breaker.retry_after";
export const EVENT_BREAKER_TRANSITION = "agents.breaker.transition";
export const EVENT_BREAKER_REJECTION = "agents.breaker.rejection";

// Fallbacks and service tiers.
/** {call}, by fallback, breaker and outcome. */
export const METRIC_FALLBACKS = "agents.fallbacks";
export const ATTR_FALLBACK_KIND = "agents.fallback.kind";
/** `answered`, `empty` (it had nothing to offer) or `failed`. */
export const ATTR_FALLBACK_OUTCOME = "agents.fallback.outcome";
/** From 0 to 1, as the program says. */
export const ATTR_FALLBACK_CONFIDENCE = "agents.fallback.confidence";
/** Seconds. */
export const ATTR_FALLBACK_AGE = "agents.fallback.age";
export const ATTR_FALLBACK_TICKET = "agents.fallback.ticket";
/** {call}, by service and the tier that answered. */
export const METRIC_TIER_CALLS = "agents.service_tier.calls";
export const ATTR_TIER_SERVICE = "agents.service_tier.service";
export const ATTR_TIER = "agents.service_tier.name";
export const EVENT_TIER_CHANGED = "agents.service_tier.changed";

// The cascade guard.
/** {field}: blocked now, by the node that wrote them. */
export const METRIC_QUARANTINED_FIELDS = "agents.quarantined_fields";
/** {read}: answered with null or the last good version, by the node that read. */
export const METRIC_QUARANTINED_READS = "agents.quarantined_reads";
export const ATTR_GUARD_NODE = "agents.guard.node";
export const ATTR_GUARD_FIELD = "agents.guard.field";
/** The node whose failure is behind it. */
export const ATTR_GUARD_SOURCE = "agents.guard.source";
export const ATTR_GUARD_REASON = "agents.guard.reason";
export const EVENT_QUARANTINED = "agents.quarantined";
export const EVENT_QUARANTINED_READ = "agents.quarantined_read";

// The audit ledger.
/** {row}: written and durable. */
export const METRIC_LEDGER_ROWS = "agents.ledger.rows";
/** {row}: lost, since the buffer was full or the store failed. */
export const METRIC_LEDGER_DROPPED = "agents.ledger.dropped";
/** {row}: now waiting. */
export const METRIC_LEDGER_WAITING = "agents.ledger.waiting";

// Request queues and supervisors.
/** {task}: waiting now. */
export const METRIC_QUEUE_DEPTH = "agents.queue.depth";
/** {task}: running now. */
export const METRIC_QUEUE_RUNNING = "agents.queue.running";
/** {task}: running on, though their callers have been told that they are over. */
export const METRIC_QUEUE_ZOMBIES = "agents.queue.zombies";
/** {task}: how many may run at once. */
export const METRIC_QUEUE_CONCURRENCY = "agents.queue.concurrency";
/** s, histogram: from being handed in to being started. */
export const METRIC_QUEUE_WAIT = "agents.queue.wait";
/** {task}: never started, by reason. */
export const METRIC_QUEUE_REJECTIONS = "agents.queue.rejections";
export const ATTR_QUEUE_NAME = "agents.queue.name";
/** `full`, `expired`, `aborted`, `closed`; on the event of a supervisor `pressure`. */
export const ATTR_QUEUE_REASON = "agents.queue.reason";
/** 1 (highest) to 10. */
export const ATTR_QUEUE_PRIORITY = "agents.queue.priority";
export const EVENT_QUEUE_REJECTION = "agents.queue.rejection";
/** {worker}: one series for each state, 1 for the one that it is in. */
export const METRIC_WORKER_STATE = "agents.worker.state";
/** 1: running tasks over those that it may run. */
export const METRIC_WORKER_LOAD = "agents.worker.load";
/** {task}, by worker and outcome. */
export const METRIC_WORKER_TASKS = "agents.worker.tasks";
/** {task}: refused under pressure, by supervisor and type of task. */
export const METRIC_SUPERVISOR_REJECTIONS = "agents.supervisor.rejections";
export const ATTR_SUPERVISOR_NAME = "agents.supervisor.name";
export const ATTR_WORKER_NAME = "agents.worker.name";
export const ATTR_WORKER_STATE = "agents.worker.state.name";
export const ATTR_TASK_TYPE = "agents.task.type";
/** `done`, `failed`, `timeout`, `aborted`. */
export const ATTR_TASK_OUTCOME = "agents.task.outcome";

// Checkpointed workflows.
/** {run}: ended or given up, by workflow and outcome. */
export const METRIC_WORKFLOW_RUNS = "agents.workflow.runs";
/** {run}: gone on with, by workflow. */
export const METRIC_WORKFLOW_RESUMES = "agents.workflow.resumes";
/** {attempt}, by workflow, step and outcome. */
export const METRIC_WORKFLOW_ATTEMPTS = "agents.workflow.step.attempts";
/** {run}: not begun, by workflow and error. */
export const METRIC_WORKFLOW_REFUSALS = "agents.workflow.refusals";
/** {run}: worked on now, by workflow. */
export const METRIC_WORKFLOW_RUNNING = "agents.workflow.running";
/** As the program calls it: high in cardinality, so on spans alone. */
export const ATTR_WORKFLOW_ID = "agents.workflow.id";
export const ATTR_WORKFLOW_STEP = "agents.workflow.step.name";
/** From 0. */
export const ATTR_WORKFLOW_STEP_INDEX = "agents.workflow.step.index";
/** From 1. */
export const ATTR_WORKFLOW_ATTEMPT = "agents.workflow.step.attempt";
/** Of runs `completed`, `failed`, `cancelled`, `lost`, `aborted`, `error`; of attempts `done`, `failed`, `timeout`, `aborted`. */
export const ATTR_WORKFLOW_OUTCOME = "agents.workflow.outcome";
/** How many steps were committed before. */
export const ATTR_WORKFLOW_COMPLETED = "agents.workflow.completed_steps";
export const ATTR_WORKFLOW_CRASHES = "agents.workflow.crashes";
export const EVENT_WORKFLOW_RESUMED = "agents.workflow.resumed";

// Dead letters.
/** {letter}: put in, by queue, task type and reason. */
export const METRIC_DEAD_LETTERS_ADDED = "agents.dead_letters.added";
/** {letter}: not put in, by queue and error. */
export const METRIC_DEAD_LETTERS_REFUSED = "agents.dead_letters.refused";
/** {replay}: by queue and outcome. */
export const METRIC_DEAD_LETTERS_REPLAYS = "agents.dead_letters.replays";
/** {letter}: as the store said last, by queue. */
export const METRIC_DEAD_LETTERS_UNRESOLVED = "agents.dead_letters.unresolved";
/** s: since the first attempt of the oldest unresolved one, by queue. */
export const METRIC_DEAD_LETTERS_OLDEST_AGE = "agents.dead_letters.oldest_age";
export const ATTR_DEAD_LETTER_QUEUE = "agents.dead_letters.queue";
/** `max_attempts`, `non_retryable`, `timeout`, `expired`, `closed`, `poison`, `undeliverable`, or a program's own. */
export const ATTR_DEAD_LETTER_REASON = "agents.dead_letters.reason";
/** `succeeded`, `failed`, `cancelled`, `lost`. */
export const ATTR_DEAD_LETTER_OUTCOME = "agents.dead_letters.outcome";
/** Of all attempts at the task. */
export const ATTR_DEAD_LETTER_ATTEMPT = "agents.dead_letters.attempt";
export const EVENT_DEAD_LETTER_ADDED = "agents.dead_letter.added";

// Alerts.
/** {alert}, by rule and outcome. */
export const METRIC_ALERTS = "agents.alerts";
/** `error`, `cost`, `duration`, `breaker_open`, `health_below`, `budget_nearly_used`, `dead_letter`, `failure_mode`, `held_back`, or a program's own. */
export const ATTR_ALERT_RULE = "agents.alerts.rule";
/** `repeated`, `sent`, `held_back`, `failed`, `dropped`. */
export const ATTR_ALERT_OUTCOME = "agents.alerts.outcome";

// Rate limits.
/** {call} and {token}: what is allowed in a window. */
export const METRIC_RATE_LIMIT_LIMIT = "agents.rate_limit.limit";
export const METRIC_RATE_LIMIT_TOKEN_LIMIT = "agents.rate_limit.token_limit";
/** `second`, `minute`, `day`. */
export const ATTR_RATE_LIMIT_WINDOW = "agents.rate_limit.window";
/** {call}: let through. */
export const METRIC_RATE_LIMIT_ADMITTED = "agents.rate_limit.admitted";
/** {call}: refused, by reason. */
export const METRIC_RATE_LIMIT_REJECTIONS = "agents.rate_limit.rejections";
/** {call}: waiting now. */
export const METRIC_RATE_LIMIT_WAITING = "agents.rate_limit.waiting";
/** s, histogram: how long calls waited that were let through. */
export const METRIC_RATE_LIMIT_WAIT = "agents.rate_limit.wait";
/** {pause}: times that a provider asked for a pause. */
export const METRIC_RATE_LIMIT_PAUSES = "agents.rate_limit.pauses";
/** {failure}: the store could not be reached. */
export const METRIC_RATE_LIMIT_STORE_FAILURES = "agents.rate_limit.store_failures";
export const ATTR_RATE_LIMIT_NAME = "agents.rate_limit.name";
/** `rate`, `paused`, `queue_full`, `deadline`, `store`. */
export const ATTR_RATE_LIMIT_REASON = "agents.rate_limit.reason";
/** Seconds. */
export const ATTR_RATE_LIMIT_RETRY_AFTER = "agents.rate_limit.retry_after";
export const EVENT_RATE_LIMIT_REJECTION = "agents.rate_limit.rejection";

// Token budgets.
/** {token} */
export const METRIC_TOKEN_BUDGET_LIMIT = "agents.token_budget.limit";
/** {token}: granted and not yet spent or given back, by agent. */
export const METRIC_TOKEN_BUDGET_GRANTED = "agents.token_budget.granted";
/** {token}, by agent. */
export const METRIC_TOKEN_BUDGET_USED = "agents.token_budget.used";
/** {request}: granted in part or not at all, by agent. */
export const METRIC_TOKEN_BUDGET_REJECTIONS = "agents.token_budget.rejections";
export const ATTR_TOKEN_BUDGET_NAME = "agents.token_budget.name";
export const ATTR_TOKEN_BUDGET_AGENT = "agents.token_budget.agent";

// The model router.
/** {call}, by router, model and complexity. */
export const METRIC_ROUTER_DECISIONS = "agents.router.decisions";
/** {USD}: estimated, over the month so far. */
export const METRIC_ROUTER_SPENT = "agents.router.spent";
export const ATTR_ROUTER_NAME = "agents.router.name";
export const ATTR_ROUTER_MODEL = "agents.router.model";
/** 1 to 5. */
export const ATTR_ROUTER_COMPLEXITY = "agents.router.complexity";
export const EVENT_ROUTER_DECISION = "agents.router.decision";

// Budgets in money.
/** {USD}, by budget and window. */
export const METRIC_BUDGET_LIMIT = "agents.budget.limit";
/** {USD}: spent and reserved in the window of now, by budget and window. */
export const METRIC_BUDGET_USED = "agents.budget.used";
/** 1: how much of the window of now is over, from 0 to 1, by budget and window. */
export const METRIC_BUDGET_ELAPSED = "agents.budget.elapsed";
/** {call}: refused, by budget and window. */
export const METRIC_BUDGET_REJECTIONS = "agents.budget.rejections";
/** {USD}: what calls cost beyond what they had reserved. */
export const METRIC_BUDGET_OVERRUN = "agents.budget.overrun";
export const ATTR_BUDGET_NAME = "agents.budget.name";
/** `request`, `hour`, `day`, `month`. */
export const ATTR_BUDGET_WINDOW = "agents.budget.window";
/** Of the limit, from 0 to 1. */
export const ATTR_BUDGET_SHARE = "agents.budget.share";
export const EVENT_BUDGET_REJECTION = "agents.budget.rejection";
export const EVENT_BUDGET_NEARLY_USED = "agents.budget.nearly_used";

// Memories.
/** {compaction}: times that messages had to leave a window. */
export const METRIC_MEMORY_COMPACTIONS = "agents.memory.compactions";
/** {message}: that left a window, by reason. */
export const METRIC_MEMORY_EVICTED_MESSAGES = "agents.memory.evicted_messages";
/** {summary}: of what left a window, by outcome. */
export const METRIC_MEMORY_SUMMARIES = "agents.memory.summaries";
/** {token}: in windows now. */
export const METRIC_MEMORY_TOKENS = "agents.memory.tokens";
/** {message}: in windows now. */
export const METRIC_MEMORY_MESSAGES = "agents.memory.messages";
/** {entry}: in decaying memories now. */
export const METRIC_MEMORY_ENTRIES = "agents.memory.entries";
/** {entry}: that a decaying memory let go, by reason. */
export const METRIC_MEMORY_EVICTED_ENTRIES = "agents.memory.evicted_entries";
export const ATTR_MEMORY_NAME = "agents.memory.name";
/** Of messages `limit`, `incomplete`; of entries `faded`, `capacity`. */
export const ATTR_MEMORY_REASON = "agents.memory.reason";
/** Of summaries `written`, `cut`, `failed`. */
export const ATTR_MEMORY_OUTCOME = "agents.memory.outcome";
export const ATTR_MEMORY_LEFT_MESSAGES = "agents.memory.left.messages";
export const ATTR_MEMORY_LEFT_TOKENS = "agents.memory.left.tokens";
export const ATTR_MEMORY_KEPT_MESSAGES = "agents.memory.kept.messages";
export const ATTR_MEMORY_KEPT_TOKENS = "agents.memory.kept.tokens";
export const EVENT_MEMORY_COMPACTION = "agents.memory.compaction";

// Shared state.
/** {commit}: writes and sessions that ended, by state and outcome. */
export const METRIC_STATE_COMMITS = "agents.memory.state.commits";
/** {conflict}: keys that somebody else had written since they were read, by state and strategy. */
export const METRIC_STATE_CONFLICTS = "agents.memory.state.conflicts";
/** {attempt}: commits that were sent again. */
export const METRIC_STATE_RETRIES = "agents.memory.state.retries";
/** {timeout}: locks that somebody else had for as long as they were waited for. */
export const METRIC_STATE_LOCK_TIMEOUTS = "agents.memory.state.lock_timeouts";
/** {key}: as this process saw them last. */
export const METRIC_STATE_KEYS = "agents.memory.state.keys";
export const ATTR_STATE_NAME = "agents.memory.state.name";
/** `written`, `merged`, `kept`, `rejected`, `fenced`, `failed`; on the event also `deleted`. */
export const ATTR_STATE_OUTCOME = "agents.memory.state.outcome";
/** `last-write-wins`, `first-write-wins`, `merge`, `merge-arrays`, `reject`, `function`. */
export const ATTR_STATE_STRATEGY = "agents.memory.state.strategy";
/** On the event alone, and redacted. */
export const ATTR_STATE_KEY = "agents.memory.state.key";
export const EVENT_STATE_CONFLICT = "agents.memory.state.conflict";

// Failure modes, and what a program declares so that they show.
/** {finding}, by mode and agent. */
export const METRIC_FAILURE_MODES = "agents.failure_modes";
export const EVENT_FAILURE_MODE = "agents.failure_mode";
/** `step_repetition`, `loop`, `ping_pong`, `unaware_of_termination`, … */
export const ATTR_FAILURE_MODE = "agents.failure_mode.name";
/** `none`, `warn`, `abort`. */
export const ATTR_FAILURE_MODE_ACTION = "agents.failure_mode.action";
/** Its number in MAST, as `FM-1.3`. */
export const ATTR_FAILURE_MODE_MAST = "agents.failure_mode.mast";
/** The rule that found it. */
export const ATTR_FAILURE_MODE_REASON = "agents.failure_mode.reason";
/** How many were seen, and how many were allowed; the unit is that of the reason. */
export const ATTR_FAILURE_MODE_COUNT = "agents.failure_mode.count";
export const ATTR_FAILURE_MODE_LIMIT = "agents.failure_mode.limit";
/** Of tools, agents and workflows. */
export const ATTR_FAILURE_MODE_NAMES = "agents.failure_mode.names";
export const ATTR_FAILURE_MODE_SPANS = "agents.failure_mode.span_ids";
/** Keyed digests: equal arguments have equal digests, and nobody reads the arguments from them. */
export const ATTR_TOOL_DIGEST = "agents.tool.arguments.digest";
export const ATTR_CALL_DIGEST = "agents.call.arguments.digest";
/** Equal calls of this tool are no failure: it polls. */
export const ATTR_TOOL_REPEATABLE = "agents.tool.repeatable";
/** Names of the agents whose work this agent checks; `*` for whichever ran right before it. */
export const ATTR_AGENT_VERIFIES = "agents.verifies";
/** Names of the agents that are to check this agent's work. */
export const ATTR_AGENT_VERIFIED_BY = "agents.verified_by";
/** Seconds that a call of this agent may take, as declared. */
export const ATTR_AGENT_TIMEOUT = "agents.timeout";
/** Model calls that one call of this agent may make, as declared. */
export const ATTR_AGENT_MAX_ITERATIONS = "agents.max_iterations";
/** What can end a call from outside: `declared`, `signal`, `none`. */
export const ATTR_AGENT_DEADLINE = "agents.deadline";
/** Names of the agents and tools without which the workflow is not done. */
export const ATTR_WORKFLOW_REQUIRES = "agents.workflow.requires";
export const EVENT_GOAL_MET = "agents.goal_met";
export const EVENT_PROGRESS = "agents.progress";

// Tool calls of models that a guard refused.
/** {call}, by agent, tool and reason. */
export const METRIC_TOOL_GUARD_REJECTIONS = "agents.tool_guard.rejections";
export const EVENT_TOOL_GUARD_REJECTION = "agents.tool_guard.rejection";
/** `unknown_tool`, `not_granted`, `malformed_arguments`, `invalid_arguments`, `invalid_by_validate`, `max_calls`. */
export const ATTR_TOOL_GUARD_REASON = "agents.tool_guard.reason";
/** The name that a model made up, where it is one. */
export const ATTR_TOOL_GUARD_REQUESTED = "agents.tool_guard.requested";
/** Paths to arguments that did not fit. */
export const ATTR_TOOL_GUARD_FIELDS = "agents.tool_guard.fields";

// Guardrails of a framework: a span of their own, as the conventions have no operation for them.
/** First word of the span's name; the guardrail's name follows. */
export const SPAN_GUARDRAIL = "guardrail";
export const ATTR_GUARDRAIL_NAME = "agents.guardrail.name";
/** Whether it objected. */
export const ATTR_GUARDRAIL_TRIGGERED = "agents.guardrail.triggered";

// Whose session it is: on spans alone, as each is a person's.
export const ATTR_USER_ID = "user.id";
/** A list of the program's own words. */
export const ATTR_SESSION_TAGS = "agents.session.tags";
/** Members of baggage. */
export const BAGGAGE_CONVERSATION = "agents.conversation.id";
export const BAGGAGE_USER = "agents.user.id";
/** Percent-encoded each, with commas between. */
export const BAGGAGE_TAGS = "agents.session.tags";

// Evaluations.
/** Of a log record, and of a span. */
export const EVENT_EVALUATION = "gen_ai.evaluation.result";
export const ATTR_EVALUATION_NAME = "gen_ai.evaluation.name";
export const ATTR_EVALUATION_SCORE = "gen_ai.evaluation.score.value";
export const ATTR_EVALUATION_LABEL = "gen_ai.evaluation.score.label";
export const ATTR_EVALUATION_EXPLANATION = "gen_ai.evaluation.explanation";
/** {evaluation}, by name, label and agent. */
export const METRIC_EVALUATIONS = "agents.evaluations";
/** {score}, histogram: from 0 on, by name and agent. */
export const METRIC_EVALUATION_SCORE = "agents.evaluation.score";

// The Model Context Protocol, from the conventions.
export const ATTR_MCP_METHOD = "mcp.method.name";
export const ATTR_MCP_SESSION_ID = "mcp.session.id";
export const ATTR_MCP_PROTOCOL_VERSION = "mcp.protocol.version";
/** Redacted. */
export const ATTR_MCP_RESOURCE_URI = "mcp.resource.uri";
export const ATTR_JSONRPC_REQUEST_ID = "jsonrpc.request.id";
export const ATTR_RPC_STATUS_CODE = "rpc.response.status_code";
/** `pipe` over stdio, `tcp` over HTTP. */
export const ATTR_NETWORK_TRANSPORT = "network.transport";
export const ATTR_PROMPT_NAME = "gen_ai.prompt.name";
/** s, histogram: requests, by method, tool and error. */
export const METRIC_MCP_CLIENT_DURATION = "mcp.client.operation.duration";
export const METRIC_MCP_SERVER_DURATION = "mcp.server.operation.duration";
/** s, histogram: from connecting to closing. */
export const METRIC_MCP_CLIENT_SESSION = "mcp.client.session.duration";
export const METRIC_MCP_SERVER_SESSION = "mcp.server.session.duration";

// Health of agents.
/** 0 to 100, by agent; no point where nothing is known. */
export const METRIC_HEALTH_SCORE = "agents.health.score";
/** Rates from 0 to 1 that the score is made from, by agent and component. */
export const METRIC_HEALTH_COMPONENT = "agents.health.component";
/** `failure`, `slow`, `rejected`, `quarantined`. */
export const ATTR_HEALTH_COMPONENT = "agents.health.component.name";

// Buckets, from the conventions.
export const BUCKETS_CLIENT_SECONDS: readonly number[] = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];
export const BUCKETS_AGENT_SECONDS: readonly number[] = [
  0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6,
];
export const BUCKETS_WORKFLOW_SECONDS: readonly number[] = [
  1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200,
];
export const BUCKETS_TOKENS: readonly number[] = [
  1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
];
export const BUCKETS_CALLS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128];

export const BUCKETS_MCP_SECONDS: readonly number[] = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300,
];

/** Scores come in tenths of 1, in points up to 5 or 10, and in percent. */
export const BUCKETS_SCORES: readonly number[] = [
  0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 25, 50, 75, 90, 100,
];

/** A label value that stands for all that came after a cap was reached. */
export const VALUE_OTHER = "_OTHER";

// Keys of a log line, as OpenTelemetry's compatibility document has them for formats other than OTLP.
export const LOG_TRACE_ID = "trace_id";
export const LOG_SPAN_ID = "span_id";
export const LOG_TRACE_FLAGS = "trace_flags";

// Content of model calls, and events (log records) about them.
export const ATTR_SYSTEM_INSTRUCTIONS = "gen_ai.system_instructions";
export const ATTR_TOOL_DEFINITIONS = "gen_ai.tool.definitions";
/** Of a span. */
export const EVENT_EXCEPTION = "exception";
export const ATTR_EXCEPTION_TYPE = "exception.type";
export const ATTR_EXCEPTION_MESSAGE = "exception.message";
export const ATTR_EXCEPTION_STACKTRACE = "exception.stacktrace";
export const EVENT_INFERENCE_DETAILS = "gen_ai.client.inference.operation.details";
export const EVENT_OPERATION_EXCEPTION = "gen_ai.client.operation.exception";

// Names of v1.41 that newer ones above have replaced, for programs whose back ends still read them: the option `semconv`.
export const V141_ATTR_USAGE_CACHE_CREATION = "gen_ai.usage.cache_creation.input_tokens";
/** `input`, `output`. */
export const V141_ATTR_TOKEN_TYPE = "gen_ai.token.type";
/** {token}, histogram: tokens of one model call, by type. */
export const V141_METRIC_TOKEN_USAGE = "gen_ai.client.token.usage";
/** s, histogram: from the request to the first piece of a streamed answer. */
export const V141_METRIC_TIME_TO_FIRST_CHUNK = "gen_ai.client.operation.time_to_first_chunk";
/** s, histogram: between each two pieces of a streamed answer. */
export const V141_METRIC_TIME_PER_OUTPUT_CHUNK = "gen_ai.client.operation.time_per_output_chunk";
/** s, histogram: duration of workflow calls. */
export const V141_METRIC_WORKFLOW_DURATION = "gen_ai.workflow.duration";
