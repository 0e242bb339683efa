import type { Lineage } from "./lineage.ts";

export type StepKind = "agent" | "workflow" | "tool" | "handoff" | "model";

/** What is known of a call when it begins. */
export interface StepFacts {
  readonly kind: StepKind;
  /** Of the agent, workflow, tool, model, or of the agent that is handed over to. */
  readonly name: string;
  /** The agent that was called, or that makes the call. */
  readonly agent: string | undefined;
  readonly conversation: string | undefined;
  /** Of its arguments; `undefined` where nobody has made one. */
  readonly digest: string | undefined;
  readonly repeatable: boolean;
  /** Declared of agents and workflows. */
  readonly tools: readonly string[] | undefined;
  readonly verifies: readonly string[] | undefined;
  readonly verifiedBy: readonly string[] | undefined;
  readonly requires: readonly string[] | undefined;
  readonly maxIterations: number | undefined;
  readonly timeoutMs: number | undefined;
  /** `undefined` where nobody has looked. */
  readonly deadline: string | undefined;
}

/** What is known of it when it ends. */
export interface StepEnd {
  /** `undefined` when it succeeded. */
  readonly errorType: string | undefined;
  /** Whoever read its stream went away. */
  readonly left?: boolean;
  readonly model?: string | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly finishReasons?: readonly string[] | undefined;
}

/** One call of a run, as detectors see it. */
export interface Step extends StepFacts {
  /** Position in its run: steps that began later have higher ones. */
  readonly seq: number;
  /** The innermost agent or workflow around it. */
  readonly parent: Step | undefined;
  readonly beganMs: number;
  /** Id of its span, as soon as it has one. */
  spanId: string | undefined;
  end: StepEnd | undefined;
  endedMs: number | undefined;
  /** Its success told something that its run had not seen. Known when it has ended. */
  isNew: boolean;
  /** Of agents and workflows: what calls like this one have done before, and calls of their own that are open. */
  readonly lineage: Lineage | undefined;
  readonly open: Set<Step>;
  /** Model calls of its own that began. */
  modelCalls: number;
}

/** Whom a finding about this step is about. */
export function ownerOf(step: Step): string {
  if (step.kind === "agent" || step.kind === "workflow") return step.name;
  return step.agent ?? step.parent?.name ?? "unknown";
}

export function isWork(step: Pick<Step, "kind">): boolean {
  return step.kind === "agent" || step.kind === "workflow";
}

/** Its ancestors, the innermost first. */
export function* around(step: Step): Generator<Step> {
  for (let parent = step.parent; parent !== undefined; parent = parent.parent) yield parent;
}
