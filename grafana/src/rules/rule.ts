export interface RecordingRule {
  /** `level:metric:operation` */
  readonly record: string;
  readonly expr: string;
}

/** `critical`: somebody is woken. `warning`: somebody looks at it today. */
export type Severity = "critical" | "warning";

/** Dashboards that an alert may link to. */
export type Board =
  | "agent-otel-overview"
  | "agent-otel-agent"
  | "agent-otel-cost"
  | "agent-otel-resilience"
  | "agent-otel-telemetry";

/** An alert before it is written for Prometheus or Grafana. Texts are templates of both: `{{ $value }}`, `{{ $labels.job }}`. */
export interface AlertRule {
  /** Also the heading of its section in docs/runbook.md. Two rules of one name differ in severity. */
  readonly alert: string;
  /** Has a series for each thing that is wrong, and none where all is well or nothing is known. */
  readonly expr: string;
  /** How long it must hold. */
  readonly for: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly description: string;
  readonly board: Board;
  /** Whether `job` is an application, which dashboards have as a variable. @default true */
  readonly ofApp?: boolean;
  /** Whether it is about an agent, by `gen_ai_agent_name`. @default false */
  readonly ofAgent?: boolean;
}

export interface RuleGroup<R> {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly R[];
}
