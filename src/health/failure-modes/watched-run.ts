import type { Span } from "@opentelemetry/api";
import type { Call } from "../../agent/call.ts";
import type { RunNote, WatchedStep } from "../../agent/run-watch.ts";
import { FailureModeError } from "../../errors/failure-mode-error.ts";
import type { Clock } from "../../internal/clock.ts";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../../telemetry/semconv.ts";
import type { Detector } from "./detector.ts";
import type { Evidence, FailureAction, FailureMode, Finding } from "./failure-mode.ts";
import { attributesOf, findingOf } from "./finding.ts";
import { Run } from "./run.ts";
import { isWork, type Step, type StepFacts } from "./step.ts";
import { endOf } from "./step-of-attributes.ts";

/** What a run that is going on asks of those who have installed the detectors. */
export interface WatchedRunOptions {
  readonly detectors: readonly Detector[];
  readonly clock: Clock;
  actionOf(mode: FailureMode): FailureAction;
  found(finding: Finding): void;
  /** It is at work. */
  active(run: WatchedRun): void;
  ended(run: WatchedRun): void;
}

const MODEL: Omit<StepFacts, "name" | "agent" | "conversation"> = {
  kind: "model",
  digest: undefined,
  repeatable: false,
  tools: undefined,
  verifies: undefined,
  verifiedBy: undefined,
  requires: undefined,
  maxIterations: undefined,
  timeoutMs: undefined,
  deadline: undefined,
};

/** A run while it goes on: hands its calls to the detectors, puts what they find on spans, and refuses calls once it is to end. */
export class WatchedRun {
  readonly #options: WatchedRunOptions;
  #run: Run | undefined;
  /** Spans of the agents and workflows that are open. */
  readonly #spans = new WeakMap<Step, Span>();
  #traceId: string | undefined;
  #refusal: FailureModeError | undefined;

  constructor(options: WatchedRunOptions) {
    this.#options = options;
    this.#run = new Run(options.detectors, (mode, agent, evidence, at) =>
      this.#found(mode, agent, evidence, at),
    );
  }

  /** @throws FailureModeError where the run is to end, now or since a call before. */
  begin(facts: StepFacts, parent: Step | undefined): Step | undefined {
    const run = this.#run;
    if (run === undefined) return undefined;
    this.#options.active(this);
    if (this.#refusal !== undefined) throw this.#refusal;
    let step: Step | undefined;
    safely("looking for failure modes", () => {
      step = run.begin(facts, parent, this.#nowMs);
    });
    this.#refuse(run, step);
    return step;
  }

  /** A model call has no step of its own until it ends: what is known of it by then stands on its span. */
  beginModel(parent: Step): void {
    this.begin({ ...MODEL, name: "model", agent: undefined, conversation: parent.conversation }, parent);
  }

  started(step: Step, call: Call): void {
    const { span } = call;
    if (span === undefined) return;
    const context = call.spanContext();
    step.spanId = context?.spanId;
    this.#traceId ??= context?.traceId;
    if (isWork(step)) this.#spans.set(step, span);
  }

  end(step: Step, call: Call, errorType: string | undefined, left: boolean): void {
    const run = this.#run;
    if (run === undefined) return;
    safely("looking for failure modes", () => {
      run.end(step, endOf(call.attributes, errorType, left), this.#nowMs);
    });
    if (step.parent === undefined) this.#options.ended(this);
  }

  /** A model call of `parent` has ended. */
  endModel(parent: Step, call: Call, errorType: string | undefined): void {
    safely("looking for failure modes", () => {
      const { attributes } = call;
      const end = endOf(attributes, errorType);
      const agent = attributes[names.ATTR_AGENT_NAME];
      const facts: StepFacts = {
        ...MODEL,
        name: end.model ?? "model",
        agent: typeof agent === "string" ? agent : undefined,
        conversation: textOf(attributes[names.ATTR_CONVERSATION_ID]),
      };
      this.#run?.endModel(facts, parent, end, this.#nowMs, call.spanContext()?.spanId);
    });
  }

  note(note: RunNote, at: Step): void {
    this.#run?.note(note, at);
  }

  /** Nobody looks at it any more; its calls go on. */
  drop(): void {
    this.#run = undefined;
    this.#refusal = undefined;
  }

  get #nowMs(): number {
    return this.#options.clock.monotonic();
  }

  #refuse(run: Run, step: Step | undefined): void {
    if (this.#refusal === undefined) return;
    if (step !== undefined) run.refused(step);
    throw this.#refusal;
  }

  #found(mode: FailureMode, agent: string, evidence: Evidence, at: Step): void {
    const asked = this.#options.actionOf(mode);
    const isOver = at.parent === undefined && at.end !== undefined;
    const action = asked === "abort" && isOver ? "warn" : asked;
    const foundAt = { traceId: this.#traceId, spanId: at.spanId, timeMs: this.#options.clock.now() };
    const finding = findingOf(mode, agent, evidence, action, foundAt);
    if (action === "abort") this.#refusal ??= new FailureModeError(finding);
    safely("telling of a failure mode", () => {
      const span = this.#spans.get(at);
      if (span?.isRecording()) span.addEvent(names.EVENT_FAILURE_MODE, attributesOf(finding));
    });
    this.#options.found(finding);
  }
}

/** What the agent layer holds of a call: its run and its step. */
export class RunStep implements WatchedStep {
  readonly run: WatchedRun;
  readonly step: Step;

  constructor(run: WatchedRun, step: Step) {
    this.run = run;
    this.step = step;
  }

  started(call: Call): void {
    this.run.started(this.step, call);
  }

  modelBegins(): void {
    this.run.beginModel(this.step);
  }

  ending(call: Call, outcome: string, left: boolean): void {
    const errorType = outcome === "ok" ? undefined : outcome;
    if (call.step === this) this.run.end(this.step, call, errorType, left);
    else this.run.endModel(this.step, call, errorType);
  }

  noted(note: RunNote): void {
    this.run.note(note, this.step);
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
