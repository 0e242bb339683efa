import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, context, createContextKey, type Span, trace } from "@opentelemetry/api";
import { Tally } from "./tally.ts";

export type CallerType = "agent" | "workflow";

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
  readonly workflow: string | undefined;
  readonly conversation: string | undefined;
  /** Model and tool calls of the innermost agent or workflow itself. A conversation inside an agent shares the agent's. */
  readonly own: Tally;
  /** All model calls in here and below. */
  readonly subtree: Tally;

  private constructor(parent: Scope | undefined, part: Partial<Scope>) {
    this.parent = parent;
    this.kind = part.kind ?? parent?.kind;
    this.name = part.name ?? parent?.name;
    this.agent = part.agent ?? parent?.agent;
    this.workflow = part.workflow ?? parent?.workflow;
    this.conversation = part.conversation ?? parent?.conversation;
    const shared = part.kind === undefined ? parent : undefined;
    this.own = shared?.own ?? new Tally();
    this.subtree = shared?.subtree ?? new Tally();
  }

  static agent(parent: Scope | undefined, name: string): Scope {
    return new Scope(parent, { kind: "agent", name, agent: name });
  }

  static workflow(parent: Scope | undefined, name: string): Scope {
    return new Scope(parent, { kind: "workflow", name, workflow: name });
  }

  static conversation(parent: Scope | undefined, id: string): Scope {
    return new Scope(parent, { conversation: id });
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

const SCOPE_KEY = createContextKey("agent-otel.scope");

/**
 * Used only where no OpenTelemetry context manager is active, so that agents are known without an SDK. Made when first
 * needed: a second live AsyncLocalStorage would make every `run` dearer for programs that have the SDK's.
 */
let fallback: AsyncLocalStorage<Scope> | undefined;

/** @returns Who is at work in `within`, an OpenTelemetry context. */
export function activeScopeIn(within: Context): Scope | undefined {
  return within.getValue(SCOPE_KEY) as Scope | undefined;
}

export function activeScope(): Scope | undefined {
  return (context.active().getValue(SCOPE_KEY) as Scope | undefined) ?? fallback?.getStore();
}

/** The OpenTelemetry context below `parent` in which `scope` is at work and `span` is active. */
export function scopeContext(parent: Context, scope: Scope | undefined, span: Span | undefined): Context {
  let next = scope === undefined ? parent : parent.setValue(SCOPE_KEY, scope);
  if (span !== undefined) next = trace.setSpan(next, span);
  return next;
}

/** Runs `fn` with `next` active, and with `scope` known also where no context manager is there to keep `next`. */
export function runInScope<T>(next: Context, scope: Scope | undefined, fn: () => T): T {
  return context.with(next, () => {
    if (scope === undefined || context.active() === next) return fn();
    fallback ??= new AsyncLocalStorage<Scope>();
    return fallback.run(scope, fn);
  });
}
