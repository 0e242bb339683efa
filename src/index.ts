/**
 * Agents, tools and workflows in the telemetry, and the parts that keep them alive.
 *
 * @module agent-otel
 */

// Watch agents
export { type AgentOptions, agent } from "./agent/agent.ts";
// See what they did
export { type CallListener, onCall } from "./agent/call-log.ts";
export { type ChatOptions, type ChatRecorder, chat } from "./agent/chat.ts";
export type { CaptureContent } from "./agent/content/capture-mode.ts";
export type { ContentPart } from "./agent/content/message.ts";
export type { RecordedMessage, RecordedMessages } from "./agent/content/recorded-messages.ts";
export { conversation } from "./agent/conversation.ts";
export { type CurrentAgent, currentAgent } from "./agent/current-agent.ts";
export { type EvaluatedSpan, type Evaluation, recordEvaluation } from "./agent/evaluation.ts";
export { goalMet, progressMade } from "./agent/goal.ts";
export { type HandoffOptions, handoff } from "./agent/handoff.ts";
export { type LogContext, logContext } from "./agent/log-context.ts";
export type { ModelResponse } from "./agent/model-call.ts";
export { recordUsage, type UsageReport } from "./agent/record-usage.ts";
export { formatTotals, formatUsd, logRuns, type RunFields, type RunLogger } from "./agent/run-log.ts";
export { type SessionContext, session } from "./agent/session.ts";
export { type ToolOptions, tool } from "./agent/tool.ts";
// Check what models ask for
export {
  asAnthropicBlock,
  asOpenAIMessage,
  asOpenAIOutput,
  type GuardedCall,
  type GuardedTool,
  type JsonSchema,
  type ModelToolCall,
  type StandardSchema,
  type ToolAnswer,
  type ToolGuard,
  type ToolGuardOptions,
  type ToolRefusalReason,
  toolGuard,
  type ValidateToolCall,
} from "./agent/tool-guard.ts";
export { plan, type WorkflowOptions, workflow } from "./agent/workflow.ts";
export type { DatedPriceInput, PriceInput, PriceTableInput } from "./cost/price-table-input.ts";
// Know what it costs
export { type Prices, priceTable } from "./cost/prices.ts";
export type { TokenUsage } from "./cost/token-usage.ts";
// Errors
export { AgentError, isAgentError } from "./errors/agent-error.ts";
export { BudgetExceededError, type BudgetFacts } from "./errors/budget-exceeded-error.ts";
export { CallTimeoutError } from "./errors/call-timeout-error.ts";
export { CheckpointDamagedError } from "./errors/checkpoint-damaged-error.ts";
export { CircuitOpenError } from "./errors/circuit-open-error.ts";
export { DeadLetterDamagedError } from "./errors/dead-letter-damaged-error.ts";
export { DeadLetterExhaustedError } from "./errors/dead-letter-exhausted-error.ts";
export { DeadLetterHeldError } from "./errors/dead-letter-held-error.ts";
export { DeadLetterResolvedError } from "./errors/dead-letter-resolved-error.ts";
export { DeadLettersFullError } from "./errors/dead-letters-full-error.ts";
export { DuplicateTaskError } from "./errors/duplicate-task-error.ts";
export { EscalatedError } from "./errors/escalated-error.ts";
export { FailureModeError, type FailureModeFacts } from "./errors/failure-mode-error.ts";
export { FallbackFailedError } from "./errors/fallback-failed-error.ts";
export { LedgerWriteError } from "./errors/ledger-write-error.ts";
export { LimitExceededError, type LimitName } from "./errors/limit-exceeded-error.ts";
export { LockLostError } from "./errors/lock-lost-error.ts";
export { LockTimeoutError } from "./errors/lock-timeout-error.ts";
export { type ModelRefusal, NoEligibleModelError } from "./errors/no-eligible-model-error.ts";
export { PriceFileError } from "./errors/price-file-error.ts";
export { QuarantinedFieldError } from "./errors/quarantined-field-error.ts";
export { QueueClosedError } from "./errors/queue-closed-error.ts";
export { QueueExpiredError } from "./errors/queue-expired-error.ts";
export { QueueFullError } from "./errors/queue-full-error.ts";
export { RateLimitedError, type RateLimitReason } from "./errors/rate-limited-error.ts";
export { StateConflictError, type StateConflictFacts } from "./errors/state-conflict-error.ts";
export { StoreTooNewError } from "./errors/store-too-new-error.ts";
export { StoreUnusableError } from "./errors/store-unusable-error.ts";
export { TokenBudgetExhaustedError } from "./errors/token-budget-exhausted-error.ts";
export { TokenBudgetUnknownAgentError } from "./errors/token-budget-unknown-agent-error.ts";
export { UnknownDeadLetterError } from "./errors/unknown-dead-letter-error.ts";
export { UnknownTaskError } from "./errors/unknown-task-error.ts";
export { UnknownTaskTypeError } from "./errors/unknown-task-type-error.ts";
export { UnpricedModelError } from "./errors/unpriced-model-error.ts";
export { WindowOverflowError, type WindowOverflowFacts } from "./errors/window-overflow-error.ts";
export { WorkflowCancelledError } from "./errors/workflow-cancelled-error.ts";
export { WorkflowChangedError, type WorkflowProgram } from "./errors/workflow-changed-error.ts";
export { WorkflowCrashedError } from "./errors/workflow-crashed-error.ts";
export { WorkflowHeldError } from "./errors/workflow-held-error.ts";
export { WorkflowLostError } from "./errors/workflow-lost-error.ts";
export { WorkflowStepError } from "./errors/workflow-step-error.ts";
// See how they do
export type { HealthFacts } from "./health/agent-facts.ts";
export type { AgentHealth, HealthStatus } from "./health/agent-health.ts";
export type { AgentSignals } from "./health/agent-signals.ts";
export type { Alert, AlertSeverity } from "./health/alerts/alert.ts";
export type { AlertChannel, SendResult } from "./health/alerts/alert-channel.ts";
export type {
  AlertRule,
  AlertVerdict,
  FiringVerdict,
  ScoredAgent,
} from "./health/alerts/alert-rule.ts";
export { type Alerts, alerts } from "./health/alerts/alerts.ts";
export type { AlertsOptions } from "./health/alerts/alerts-options.ts";
export { type ConsoleChannelOptions, consoleChannel } from "./health/alerts/channels/console-channel.ts";
export type { HttpChannelOptions } from "./health/alerts/channels/http-channel.ts";
export {
  type PagerDutyChannelOptions,
  pagerDutyChannel,
} from "./health/alerts/channels/pager-duty-channel.ts";
export { type SlackChannelOptions, slackChannel } from "./health/alerts/channels/slack-channel.ts";
export {
  type VerifyWebhookOptions,
  verifyWebhook,
  type WebhookRequest,
} from "./health/alerts/channels/verify-webhook.ts";
export { type WebhookChannelOptions, webhookChannel } from "./health/alerts/channels/webhook-channel.ts";
export { breakerOpenAlert } from "./health/alerts/rules/breaker-open-alert.ts";
export { budgetAlert } from "./health/alerts/rules/budget-alert.ts";
export { type CostAlertOptions, costAlert } from "./health/alerts/rules/cost-alert.ts";
export { deadLetterAlert } from "./health/alerts/rules/dead-letter-alert.ts";
export { defaultAlertRules } from "./health/alerts/rules/default-rules.ts";
export { type DurationAlertOptions, durationAlert } from "./health/alerts/rules/duration-alert.ts";
export { type ErrorAlertOptions, errorAlert } from "./health/alerts/rules/error-alert.ts";
export { failureModeAlert } from "./health/alerts/rules/failure-mode-alert.ts";
export { type HealthAlertOptions, healthBelowAlert } from "./health/alerts/rules/health-below-alert.ts";
export type { ErrorClass } from "./health/error-class.ts";
export { type DetectorOptions, detectFailureModes } from "./health/failure-modes/detect-failure-modes.ts";
export type {
  FailureAction,
  FailureMode,
  FailureReason,
  Finding,
} from "./health/failure-modes/failure-mode.ts";
export {
  type FailureModeCount,
  type FailureModes,
  type FailureModesOptions,
  failureModes,
} from "./health/failure-modes.ts";
export { type HealthMonitor, health, healthMonitor } from "./health/health-monitor.ts";
export type { HealthMonitorOptions } from "./health/health-options.ts";
export { type HealthComponents, type HealthScore, weightedScore } from "./health/health-score.ts";
export type { CheckResult, CheckState } from "./health/readiness/check.ts";
export type { CollectorOptions } from "./health/readiness/collector-check.ts";
export { type FetchHandler, healthHandler, readyHandler } from "./health/readiness/handlers.ts";
export { nodeHandler } from "./health/readiness/node-handler.ts";
export type { ModelListClient, ProviderOptions } from "./health/readiness/provider-check.ts";
export { type Readiness, type ReadinessReport, readiness } from "./health/readiness/readiness.ts";
export type { OwnCheck, ReadinessOptions } from "./health/readiness/readiness-options.ts";
export type { CheckedStore, StoreOptions } from "./health/readiness/store-check.ts";
export { observe } from "./instrumentation/observe.ts";
// Remember
export {
  type AddOptions as MemoryAddOptions,
  type DecayingMemory,
  type DecayingMemoryOptions,
  type DecayingMemoryStats,
  type DecayRates,
  decayingMemory,
  type MemoryEntry,
  type MemoryType,
  type RecalledEntry,
  type RecallOptions,
  type RelevanceWeights,
} from "./memory/decaying-memory.ts";
export { type MemoryStats, memoryStats } from "./memory/memory-stats.ts";
// Remember and share
export {
  type KeyedStateValue,
  type ResolveConflict,
  type SharedState,
  type SharedStateOptions,
  type SharedStateStats,
  type StateConflict,
  type StateLock,
  type StateLockOptions,
  type StateSession,
  type StateSessionOptions,
  type StateSessionResult,
  type StateValue,
  type StateVersion,
  type StateWrite,
  type StateWriteOptions,
  type StrategyByKey,
  type StrategyChoice,
  type StrategyName,
  sharedState,
} from "./memory/shared-state.ts";
export {
  type ChatFormat,
  type ChatMessage,
  type CountTokens,
  type InputUsage,
  type Summarise,
  type SystemPrompt,
  type WindowMemory,
  type WindowMemoryOptions,
  type WindowMemoryStats,
  windowMemory,
} from "./memory/window-memory.ts";
// Survive failures
export type { BreakerStateName } from "./resilience/breaker/breaker-state.ts";
export type { BreakerTransition } from "./resilience/breaker/breaker-transition.ts";
export { consecutiveFailures } from "./resilience/breaker/trip/consecutive-failures.ts";
export { type CountWindowOptions, countWindow } from "./resilience/breaker/trip/count-window.ts";
export { type TimeWindowOptions, timeWindow } from "./resilience/breaker/trip/time-window.ts";
export type { TripRule } from "./resilience/breaker/trip/trip-rule.ts";
export { BreakerRegistry, type BreakerRegistryOptions, breakers } from "./resilience/breaker-registry.ts";
export {
  type CircuitBreaker,
  type CircuitBreakerOptions,
  circuitBreaker,
  type RegisteredBreakerOptions,
} from "./resilience/circuit-breaker.ts";
export { type CallVerdict, classifyError } from "./resilience/classify-error.ts";
export { deadline } from "./resilience/deadline.ts";
export { FAILURE_FIELD, type FailureMark } from "./resilience/failure-mark.ts";
export { type CachedFallbackOptions, cachedFallback } from "./resilience/fallback/cached-fallback.ts";
export { type Combine, decomposeFallback, type Split } from "./resilience/fallback/decompose-fallback.ts";
export type { DecomposeFallbackOptions } from "./resilience/fallback/decompose-options.ts";
export { type DegradedFallbackOptions, degradedFallback } from "./resilience/fallback/degraded-fallback.ts";
export {
  type EscalateFallback,
  type EscalationCounts,
  escalateFallback,
} from "./resilience/fallback/escalate-fallback.ts";
export type { EscalateFallbackOptions, Notify } from "./resilience/fallback/escalate-options.ts";
export type { FailedCall, Fallback, FallbackAnswer, ProtectedCall } from "./resilience/fallback/fallback.ts";
export type { Escalation } from "./resilience/fallback/incident.ts";
export type { FallbackOptions } from "./resilience/fallback-policy.ts";
export type { QuarantineMeta } from "./resilience/guard/block.ts";
export {
  type ByHand,
  type CascadeGuard,
  cascadeGuard,
  type RunChoice,
} from "./resilience/guard/cascade-guard.ts";
export type { CascadeGuardOptions } from "./resilience/guard/guard-options.ts";
export type { ProtectNodeOptions } from "./resilience/guard/node-options.ts";
export type { Operation, Policy } from "./resilience/policy.ts";
export type { FallbackUsed, Outcome, PolicyChain } from "./resilience/policy-chain.ts";
export {
  type LocalRateLimitOptions,
  type RateDecision,
  type RateLimiter,
  type RateLimitHome,
  type RateLimitOptions,
  type RatePermit,
  type RateRequest,
  rateLimit,
  type SharedRateLimiter,
  type SharedRateLimitOptions,
  type StoreFailurePolicy,
} from "./resilience/rate-limit.ts";
export { type RetryOptions, retry } from "./resilience/retry.ts";
export { type SafeRunOptions, safeRun, WORKER_UNAVAILABLE } from "./resilience/safe-run.ts";
export { type ServiceTiers, serviceTiers, type TierAnswer } from "./resilience/tiers/service-tiers.ts";
export type { ServiceTiersOptions, TierName } from "./resilience/tiers/service-tiers-options.ts";
export { timeout } from "./resilience/timeout.ts";
export { wrap } from "./resilience/wrap.ts";
// Bound what they may use
export type { CostGuardOptions, NearlyUsedListener } from "./spend/budget/budget-options.ts";
export type { Reservation } from "./spend/budget/reservation.ts";
export { type CostGuard, costGuard, type RemainingBudget } from "./spend/cost-guard.ts";
export { type LimitOptions, limits } from "./spend/limits.ts";
export {
  type ActualCost,
  type Complexity,
  type CooldownOptions,
  type ModelEstimate,
  type ModelRouter,
  type ModelRouterOptions,
  type ModelSpendReport,
  modelRouter,
  type PassedOver,
  type RoutedCall,
  type RoutedModel,
  type RouterBudgetReport,
  type RouterDecision,
  type RouterReason,
  type RouterRetryOptions,
  type RouterRunOptions,
  type RouteTask,
} from "./spend/model-router.ts";
export {
  type AgentOptions as TokenAgentOptions,
  type AgentTokenReport,
  type TokenBudget,
  type TokenBudgetOptions,
  type TokenBudgetReport,
  type TokenLease,
  type TokenRequestOptions,
  type TokenWaitOptions,
  tokenBudget,
} from "./spend/token-budget.ts";
export type { UsagePeriod } from "./spend/usage/usage-days.ts";
export type { UsageDetail, UsageTotal } from "./spend/usage/usage-total.ts";
export {
  type TotalsQuery,
  type UsageBy,
  type UsageTotals,
  type UsageTotalsOptions,
  usageTotals,
} from "./spend/usage-totals.ts";
export type {
  BreakerListener,
  BreakerStore,
  OperatorState,
  SharedBreaker,
} from "./stores/breakers/breaker-store.ts";
export { type FileStore, fileStore } from "./stores/file/file-store.ts";
// Keep what happened
export type {
  Ledger,
  LedgerBreak,
  LedgerCounts,
  LedgerEntry,
  LedgerHead,
  LedgerQuery,
  LedgerRow,
  LedgerSummary,
  LedgerVerdict,
} from "./stores/ledger/ledger.ts";
export { type PostgresLedgerOptions, postgresLedger } from "./stores/postgres/postgres-ledger.ts";
export { postgresStore } from "./stores/postgres/postgres-store.ts";
export { redisStore } from "./stores/redis/redis-store.ts";
export { type SqliteLedgerOptions, sqliteLedger } from "./stores/sqlite/sqlite-ledger.ts";
export { sqliteStore } from "./stores/sqlite/sqlite-store.ts";
export type { Store } from "./stores/store.ts";
export type { CallOperation, CallRecord, CallTotals } from "./telemetry/call-record.ts";
export { type FormatTraceOptions, formatTrace } from "./telemetry/format-trace.ts";
export type { SdkSpan, TraceEvent, TraceSpan } from "./telemetry/trace-span.ts";
// Keep work flowing
export {
  type CheckpointedWorkflow,
  type CheckpointedWorkflowOptions,
  checkpointedWorkflow,
  type RunFailure,
  type StepContext,
  type StepHandler,
  type StepOptions,
  type WithOutput,
  type WorkflowReport,
} from "./work/checkpointed-workflow.ts";
export {
  type DeadLetter,
  type DeadLetterInput,
  type DeadLetterListOptions,
  type DeadLetterQueue,
  type DeadLetterQueueOptions,
  type DeadLetterReason,
  type DeadLetterSummary,
  deadLetterQueue,
  type LetterFailure,
  type ReplayAllOptions,
  type ReplayContext,
  type ReplayedLetter,
  type ReplayHandler,
  type ReplayOptions,
  type ReplayReport,
  type ReplayResult,
  type ReplayService,
  type ServeReplaysOptions,
} from "./work/dead-letter-queue.ts";
export {
  type RequestQueue,
  type RequestQueueOptions,
  requestQueue,
  type TaskOptions,
} from "./work/request-queue.ts";
export {
  type RegisterOptions,
  type SupervisedTask,
  type Supervisor,
  type SupervisorDashboard,
  type SupervisorOptions,
  supervisor,
  type TaskHandler,
  type WorkerRow,
  type WorkerState,
} from "./work/supervisor.ts";
