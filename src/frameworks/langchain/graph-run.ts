import type { Context } from "@opentelemetry/api";
import { activeScope, activeScopeIn, scopeContext } from "../../agent/active-scope.ts";
import type { Call } from "../../agent/call.ts";
import { Scope } from "../../agent/scope.ts";
import { openAgent, openWorkflow } from "../../agent/told/told-calls.ts";
import type { AgentRule } from "./options.ts";
import { isAgentLoop, isNamed } from "./roles.ts";
import { Run } from "./run.ts";

interface Opened {
  /** Left out where the node around is the same agent. */
  readonly call: Call | undefined;
  readonly context: Context;
  readonly isAgent: boolean;
}

/**
 * A run of a compiled graph: a workflow, or one agent with its loop. Which of the two shows with its first node, so the call is opened
 * then, a moment after LangChain has told of the graph.
 */
export class GraphRun extends Run {
  readonly name: string;
  /** Nodes that were handed over to and have not begun, each with the agent that did. */
  readonly handedOver = new Map<string, string>();
  /** The agent among the nodes that ran last: tools that run after it are its own. */
  lastAgent: string | undefined;
  readonly #rule: AgentRule;
  readonly #input: unknown;
  #opened: Opened | undefined;

  constructor(parent: Run | undefined, name: string, input: unknown, rule: AgentRule) {
    super(parent);
    this.name = name;
    this.#input = input;
    this.#rule = rule;
  }

  /** Whether the whole graph is one agent, and its nodes are not. */
  get isAgent(): boolean {
    return this.#opened?.isAgent === true;
  }

  override get call(): Call | undefined {
    return this.open(undefined).call;
  }

  override get context(): Context {
    return this.open(undefined).context;
  }

  /** @param firstNode Left out: it has ended without one. */
  open(firstNode: string | undefined): Opened {
    if (this.#opened === undefined) {
      // A refusal goes to the program, once.
      this.#opened = { call: undefined, context: super.context, isAgent: false };
      this.#opened = this.#begin(firstNode, super.context);
    }
    return this.#opened;
  }

  /** Where something runs that belongs to the agent that ran last, such as the tools that its model has asked for. */
  contextOfLastAgent(): Context {
    const { context } = this;
    if (this.isAgent || this.lastAgent === undefined) return context;
    return scopeContext(context, Scope.agent(activeScope(context), this.lastAgent), undefined);
  }

  #begin(firstNode: string | undefined, parent: Context): Opened {
    const args = [this.#input];
    if (!this.#loops(firstNode)) {
      const call = openWorkflow(this.name, { parent, args });
      return { call, context: call.context, isAgent: false };
    }
    const around = nodeAround(this.parent);
    const name = isNamed(this.name) ? this.name : (around ?? "agent");
    // The node is that agent, and has been told of.
    if (around === name && activeScopeIn(parent)?.name === name)
      return { call: undefined, context: parent, isAgent: true };
    const call = openAgent(name, { parent, args });
    return { call, context: call.context, isAgent: true };
  }

  #loops(firstNode: string | undefined): boolean {
    const said = this.#rule({ kind: "graph", name: this.name });
    return said ?? (firstNode !== undefined && isAgentLoop(firstNode));
  }
}

/** The agent that the innermost run with a call is, where that is a node. */
function nodeAround(parent: Run | undefined): string | undefined {
  let run = parent;
  while (run !== undefined && !(run instanceof GraphRun) && run.call === undefined) run = run.parent;
  return run?.agent;
}

export function graphAround(run: Run | undefined): GraphRun | undefined {
  for (let each = run; each !== undefined; each = each.parent) if (each instanceof GraphRun) return each;
  return undefined;
}
