import { context, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { isAgentError } from "../../errors/agent-error.ts";
import { safely } from "../../internal/warn-once.ts";
import { errorType } from "../../telemetry/error-type.ts";
import { exceptionAttributes } from "../../telemetry/exception-attributes.ts";
import * as names from "../../telemetry/semconv.ts";
import { currentTracer } from "../../telemetry/tracer.ts";
import type { AttemptOutcome } from "./workflow-metrics.ts";
import type { WorkflowSettings } from "./workflow-options.ts";
import { stateText, type WorkflowState } from "./workflow-state.ts";
import type { StepContext, WorkflowStep } from "./workflow-step.ts";

/** Where in which run. */
export interface StepPlace {
  readonly workflowId: string;
  /** From 0. */
  readonly index: number;
}

/** What came of a step, over all its attempts. */
export type StepResult =
  | { readonly kind: "done"; readonly output: string; readonly attempts: number }
  | { readonly kind: "failed"; readonly error: unknown; readonly attempts: number };

/** Runs a step until it has a result or may not be tried again. Each attempt is a span. @throws nothing. */
export async function runStep(
  settings: WorkflowSettings,
  step: WorkflowStep,
  { workflowId, index }: StepPlace,
  state: WorkflowState,
  signal: AbortSignal,
): Promise<StepResult> {
  const what = `workflow "${settings.name}": result of step "${step.name}"`;
  let attempts = 0;
  // A result that cannot be kept is the same the next time.
  let unfit = false;
  const attempt = (attemptSignal: AbortSignal): Promise<string> => {
    attempts += 1;
    const facts = { workflowId, step: step.name, index, attempt: attempts };
    const work = async (stepSignal: AbortSignal): Promise<string> => {
      const idempotencyKey = `${workflowId}:${index}:${step.name}`;
      // A copy: what an attempt has changed that fails is not there at the next one.
      const result = await step.handler(structuredClone(state), {
        ...facts,
        idempotencyKey,
        signal: stepSignal,
      });
      unfit = true;
      const output = stateText(what, result);
      unfit = false;
      return output;
    };
    return inSpan(settings, facts, attemptSignal, () => step.timeLimit.execute(work, attemptSignal));
  };
  try {
    return { kind: "done", output: await step.retries(() => !unfit).execute(attempt, signal), attempts };
  } catch (error) {
    return { kind: "failed", error, attempts };
  }
}

type Facts = Omit<StepContext, "idempotencyKey" | "signal">;

async function inSpan<T>(
  settings: WorkflowSettings,
  facts: Facts,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const span = startSpan(settings.name, facts);
  try {
    const result = await (span === undefined
      ? work()
      : context.with(trace.setSpan(context.active(), span), work));
    finish(settings, facts, span, "done");
    return result;
  } catch (error) {
    finish(settings, facts, span, outcomeOf(error, signal), error);
    throw error;
  }
}

function outcomeOf(error: unknown, signal: AbortSignal): AttemptOutcome {
  if (signal.aborted) return "aborted";
  return isAgentError(error) && error.code === "timeout" ? "timeout" : "failed";
}

function startSpan(workflow: string, { workflowId, step, index, attempt }: Facts): Span | undefined {
  let span: Span | undefined;
  safely("starting the span of a workflow's step", () => {
    span = currentTracer()?.startSpan(`workflow_step ${step}`, {
      attributes: {
        [names.ATTR_WORKFLOW_NAME]: workflow,
        [names.ATTR_WORKFLOW_ID]: workflowId,
        [names.ATTR_WORKFLOW_STEP]: step,
        [names.ATTR_WORKFLOW_STEP_INDEX]: index,
        [names.ATTR_WORKFLOW_ATTEMPT]: attempt,
      },
    });
  });
  return span;
}

function finish(
  { name, metrics }: WorkflowSettings,
  { step }: Facts,
  span: Span | undefined,
  outcome: AttemptOutcome,
  error?: unknown,
): void {
  metrics.attempted(name, step, outcome);
  if (span === undefined) return;
  safely("ending the span of a workflow's step", () => {
    span.setAttribute(names.ATTR_WORKFLOW_OUTCOME, outcome);
    if (outcome !== "done") {
      span.setAttribute(names.ATTR_ERROR_TYPE, errorType(error));
      span.addEvent(names.EVENT_EXCEPTION, exceptionAttributes(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  });
}
