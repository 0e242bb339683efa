import type { Attributes } from "@opentelemetry/api";
import { verifiersOf } from "../../agent/declarations.ts";
import type { RunWatcher, WatchedCall, WatchedStep } from "../../agent/run-watch.ts";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../../telemetry/semconv.ts";
import type { ArgumentsDigest } from "./arguments-digest.ts";
import { OpenRuns } from "./open-runs.ts";
import type { StepFacts } from "./step.ts";
import { stepOf } from "./step-of-attributes.ts";
import { RunStep, WatchedRun, type WatchedRunOptions } from "./watched-run.ts";

/** Shows every call of agents, workflows and tools in this process to the detectors. */
export class DetectingWatcher implements RunWatcher {
  readonly #digest: ArgumentsDigest;
  readonly #runs: OpenRuns<WatchedRun>;
  readonly #options: WatchedRunOptions;

  constructor(
    options: Omit<WatchedRunOptions, "active" | "ended">,
    digest: ArgumentsDigest,
    maxRuns: number,
  ) {
    this.#digest = digest;
    this.#runs = new OpenRuns(maxRuns);
    this.#options = {
      ...options,
      active: (run) => this.#runs.touch(run),
      ended: (run) => this.#runs.end(run),
    };
  }

  get openRuns(): number {
    return this.#runs.size;
  }

  begins({ operation, args, attributes, scope }: WatchedCall): WatchedStep | undefined {
    const around = scope?.step;
    const parent = around instanceof RunStep ? around : undefined;
    // A run that had begun before is not looked at, nor is a tool that nobody's agent calls.
    if (parent === undefined && (scope?.name !== undefined || operation === names.OP_EXECUTE_TOOL))
      return undefined;
    let facts: StepFacts | undefined;
    safely("describing a call", () => {
      this.#describe(operation, args, attributes, parent !== undefined);
      facts = stepOf(attributes);
    });
    if (facts === undefined) return undefined;
    const run = parent?.run ?? new WatchedRun(this.#options);
    const step = run.begin(facts, parent?.step);
    return step === undefined ? undefined : new RunStep(run, step);
  }

  close(): void {
    this.#runs.endAll();
  }

  /** What its span tells because there are detectors, here or where it is received. */
  #describe(operation: string, args: readonly unknown[], attributes: Attributes, isCalled: boolean): void {
    const digest = this.#digest(args);
    const isTool = operation === names.OP_EXECUTE_TOOL;
    if (digest !== undefined && attributes[names.ATTR_TRANSFER_TARGET] === undefined)
      attributes[isTool ? names.ATTR_TOOL_DIGEST : names.ATTR_CALL_DIGEST] = digest;
    if (operation !== names.OP_INVOKE_AGENT) return;
    const verifiers = verifiersOf(String(attributes[names.ATTR_AGENT_NAME]));
    if (verifiers !== undefined) attributes[names.ATTR_AGENT_VERIFIED_BY] = [...verifiers];
    if (isCalled) attributes[names.ATTR_AGENT_DEADLINE] = deadlineIn(args, attributes);
  }
}

/** A signal can end the call, whoever made it; what else could, as a `Promise.race`, does not show. */
function deadlineIn(args: readonly unknown[], attributes: Attributes): string {
  if (attributes[names.ATTR_AGENT_TIMEOUT] !== undefined) return "declared";
  return args.some(
    (arg) => isSignal(arg) || isSignal(optionOf(arg, "signal")) || isSignal(optionOf(arg, "abortSignal")),
  )
    ? "signal"
    : "none";
}

function isSignal(value: unknown): boolean {
  return value instanceof AbortSignal;
}

function optionOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
