import type { CallRecord } from "../../telemetry/call-record.ts";
import type { Signal } from "../../telemetry/signals.ts";
import type { AlertSeverity } from "./alert.ts";

/** The health of one agent, as whoever keeps it says. `undefined`: not known. */
export interface ScoredAgent {
  readonly agent: string;
  /** 0 to 100. */
  readonly score: number | undefined;
}

export interface FiringVerdict {
  readonly kind: "firing";
  /** A bounded name, never an id. */
  readonly subject: string;
  readonly severity: AlertSeverity;
  /** One line, without content. */
  readonly summary: string;
  readonly facts: Readonly<Record<string, string | number>>;
  readonly traceId?: string | undefined;
  /** Whether it goes on until the rule says that it is resolved. Else it is, once it was not seen for a while. */
  readonly lasts?: boolean;
}

export type AlertVerdict =
  | FiringVerdict
  | { readonly kind: "resolved"; readonly subject: string }
  /** Says nothing. */
  | undefined;

/** When something is an alert. Of what may be looked at, a rule has those that it looks at; what it throws is reported, and is no alert. */
export interface AlertRule {
  /** A metric label: as `error`. Of two rules of one name the last one holds. */
  readonly name: string;
  /** A request has ended: the first agent or workflow, with all that it has called. */
  onRequest?(request: CallRecord): AlertVerdict;
  onSignal?(signal: Signal): AlertVerdict;
  onScore?(score: ScoredAgent): AlertVerdict;
}

/** An agent or a workflow. */
export function subjectOf({ operation, agent, workflow }: CallRecord): string {
  return (operation === "invoke_workflow" ? workflow : agent) ?? agent ?? workflow ?? "unknown";
}

/** Whether nobody of the program has called it. */
export function isRequest({ operation, caller, callerType }: CallRecord): boolean {
  const isRun = operation === "invoke_agent" || operation === "invoke_workflow";
  return isRun && caller === undefined && callerType === undefined;
}
