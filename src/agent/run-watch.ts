import type { Attributes } from "@opentelemetry/api";
import { reportFailure } from "../internal/warn-once.ts";
import type { Call } from "./call.ts";
import type { Scope } from "./scope.ts";

/** A call that is about to begin, as its span will tell of it. */
export interface WatchedCall {
  readonly operation: "invoke_agent" | "invoke_workflow" | "execute_tool";
  readonly args: readonly unknown[];
  /** Of the call that begins; who watches may add to them. */
  readonly attributes: Attributes;
  /** Who is at work around it. */
  readonly scope: Scope | undefined;
}

/** What a program says of its run on the way. */
export type RunNote = "goal_met" | "progress" | "compaction";

/** One agent, workflow or tool call of a run that is watched. What it throws is thrown to whoever calls. */
export interface WatchedStep {
  /** The call has its span now. */
  started(call: Call): void;
  /** Asked before a model is, in this agent or workflow. */
  modelBegins(): void;
  /**
   * A call is about to end: its own, or a model call in it.
   *
   * @param outcome "ok" or the class of the error.
   * @param left Whoever read its stream went away before the end.
   */
  ending(call: Call, outcome: string, left: boolean): void;
  noted(note: RunNote): void;
}

/** Sees the calls of runs while they go on, and may refuse them. */
export interface RunWatcher {
  /** @throws AgentError to refuse the call. */
  begins(call: WatchedCall): WatchedStep | undefined;
}

/** Where calls are shown before they begin. With nobody there it costs a look at one field. */
class RunWatch {
  watcher: RunWatcher | undefined;

  begins(
    operation: WatchedCall["operation"],
    args: readonly unknown[],
    attributes: Attributes,
    scope: Scope | undefined,
  ): WatchedStep | undefined {
    return this.watcher?.begins({ operation, args, attributes, scope });
  }

  /** The call was let through: what begins inside of it finds its step in `scope`. */
  started(step: WatchedStep | undefined, call: Call): void {
    if (step === undefined) return;
    call.step = step;
    try {
      step.started(call);
    } catch (error) {
      reportFailure("watching a run", error);
    }
  }
}

/** That of this process; `failureModes` puts a watcher in. */
export const runWatch = new RunWatch();
