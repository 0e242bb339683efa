import type { CallGuard, GuardChain } from "./call-guard.ts";
import type { WatchedStep } from "./run-watch.ts";
import type { SessionFacts } from "./session/session-facts.ts";
import { Tally } from "./tally.ts";

export type CallerType = "agent" | "workflow";

/** A model call, to those inside of it. */
export interface OuterCall {
  /** How many calls began inside of it. */
  innerCalls: number;
  /** Who was asked for it. */
  readonly guards: GuardChain | undefined;
}

/** Who is at work, in names. All of them each time, even if undefined: objects of one shape are made fastest. */
type Names = Pick<Scope, "kind" | "name" | "agent" | "tools" | "workflow" | "conversation" | "session">;

/**
 * Who is at work: the innermost agent or workflow call, linked to those around it. Travels in one key of the
 * OpenTelemetry context, never in baggage, so no name leaves the process by itself.
 */
export class Scope {
  readonly parent: Scope | undefined;
  readonly kind: CallerType | undefined;
  /** Name of the innermost agent or workflow. */
  readonly name: string | undefined;
  /** Name of the innermost agent: stands on every model and tool span below. */
  readonly agent: string | undefined;
  /** Names of the tools that the innermost agent was given, where it says so. */
  readonly tools: readonly string[] | undefined;
  readonly workflow: string | undefined;
  readonly conversation: string | undefined;
  /** Whose session it is. */
  readonly session: SessionFacts | undefined;
  /** Model and tool calls of the innermost agent or workflow itself. A conversation inside an agent shares the agent's. */
  readonly own: Tally;
  /** All model calls in here and below. */
  readonly subtree: Tally;

  /** The model call that is at work, inside of which another one would tell of the same. */
  readonly modelCall: OuterCall | undefined;
  /** Who is asked before calls in here are made. */
  readonly guards: GuardChain | undefined;
  /** Who watches the innermost agent or workflow. */
  readonly step: WatchedStep | undefined;

  private constructor(
    parent: Scope | undefined,
    names: Names,
    totals?: Pick<Scope, "own" | "subtree">,
    modelCall?: OuterCall,
    guards = parent?.guards,
    step = parent?.step,
  ) {
    this.parent = parent;
    this.modelCall = modelCall;
    this.guards = guards;
    this.step = step;
    this.kind = names.kind;
    this.name = names.name;
    this.agent = names.agent;
    this.tools = names.tools;
    this.workflow = names.workflow;
    this.conversation = names.conversation;
    this.session = names.session;
    this.own = totals?.own ?? new Tally();
    this.subtree = totals?.subtree ?? new Tally();
  }

  /** @param tools Names of those that it was given, where it says so. */
  static agent(
    parent: Scope | undefined,
    name: string,
    step?: WatchedStep,
    tools?: readonly string[],
  ): Scope {
    const { workflow, conversation, session } = parent ?? NOBODY;
    const names: Names = { kind: "agent", name, agent: name, tools, workflow, conversation, session };
    return new Scope(parent, names, undefined, undefined, parent?.guards, step);
  }

  static workflow(parent: Scope | undefined, name: string, step?: WatchedStep): Scope {
    const { agent, tools, conversation, session } = parent ?? NOBODY;
    const names: Names = { kind: "workflow", name, agent, tools, workflow: name, conversation, session };
    return new Scope(parent, names, undefined, undefined, parent?.guards, step);
  }

  static conversation(parent: Scope | undefined, id: string): Scope {
    return Scope.session(parent, id, parent?.session);
  }

  static session(
    parent: Scope | undefined,
    conversation: string | undefined,
    session: SessionFacts | undefined,
  ): Scope {
    const { kind, name, agent, tools, workflow } = parent ?? NOBODY;
    return new Scope(parent, { kind, name, agent, tools, workflow, conversation, session }, parent);
  }

  /** All as around it, but with one more guard, and totals that begin anew for it. */
  static guarded(parent: Scope | undefined, guard: CallGuard): Scope {
    const totals = { own: parent?.own ?? new Tally(), subtree: new Tally() };
    return new Scope(parent, parent ?? NOBODY, totals, parent?.modelCall, { guard, outer: parent?.guards });
  }

  /** Inside a model call all is as around it, but that layers below it can tell. */
  static model(parent: Scope | undefined, call: OuterCall): Scope {
    return new Scope(parent, parent ?? NOBODY, parent, call);
  }

  /** All as around it: tells what is inside of a call from what is beside it. */
  static within(parent: Scope | undefined): Scope {
    return new Scope(parent, parent ?? NOBODY, parent);
  }

  /** What a tool asks of a model is another call, also where the tool runs inside one. */
  outsideModelCall(): Scope {
    return this.modelCall === undefined ? this : new Scope(this, this, this);
  }

  /** Adds one finished model call to this scope and to all around it. */
  addModelCall(tokens: number, costNanoUsd: number): void {
    this.own.add(tokens, costNanoUsd);
    let added: Tally | undefined;
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      if (scope.subtree !== added) scope.subtree.add(tokens, costNanoUsd);
      added = scope.subtree;
    }
  }
}

const NOBODY: Names = {
  kind: undefined,
  name: undefined,
  agent: undefined,
  tools: undefined,
  workflow: undefined,
  conversation: undefined,
  session: undefined,
};
