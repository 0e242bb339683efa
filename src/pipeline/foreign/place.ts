import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { calledAgentOf, calledWorkflowOf } from "../../agent/foreign/operation.ts";
import { Scope } from "../../agent/scope.ts";

/** Where a span stands among agents. */
export class Place {
  readonly span: ReadableSpan;
  /** The scope in its context: the same for a child means that nothing of ours came between the two. */
  readonly active: Scope | undefined;
  /** Whose work the span is, by context or through its parents. */
  readonly around: Scope | undefined;
  #called: Scope | undefined;

  constructor(span: ReadableSpan, active: Scope | undefined, around: Scope | undefined) {
    this.span = span;
    this.active = active;
    this.around = around;
  }

  /**
   * Whose work the spans below it are: its own, where it is the call of an agent or a workflow. Asked when one of them begins,
   * since some libraries say what a span is only after its start.
   */
  get inside(): Scope | undefined {
    if (this.#called !== undefined) return this.#called;
    const agent = calledAgentOf(this.span);
    const workflow = agent === undefined ? calledWorkflowOf(this.span) : undefined;
    if (agent !== undefined) this.#called = Scope.agent(this.around, agent);
    else if (workflow !== undefined) this.#called = Scope.workflow(this.around, workflow);
    return this.#called ?? this.around;
  }
}
