import type { Context } from "@opentelemetry/api";
import { activeContext, activeScopeIn } from "../../agent/active-scope.ts";
import type { Lifetime } from "../../agent/streams/lifetime.ts";

/** A run that LangChain has told of and that has not ended. One without a call is a part of the run around it. */
export class Run {
  readonly parent: Run | undefined;
  /** Runs inside that have not ended. */
  readonly inner = new Set<Run>();
  /** Name of the agent that this run is. */
  readonly agent: string | undefined;
  readonly #call: Lifetime | undefined;
  readonly #within: Context | undefined;
  readonly #active = activeContext();

  /** @param within Context of the call; left out: of what is around. */
  constructor(parent: Run | undefined, call?: Lifetime, within?: Context, agent?: string) {
    this.parent = parent;
    this.#call = call;
    this.#within = within;
    this.agent = agent;
    parent?.inner.add(this);
  }

  get call(): Lifetime | undefined {
    return this.#call;
  }

  /** For what is inside. */
  get context(): Context {
    return this.#within ?? placeIn(this.parent, this.#active);
  }
}

/** The place of a new run: inside of the run around it, or of a call of the program that is deeper inside. */
export function placeIn(parent: Run | undefined, active: Context = activeContext()): Context {
  if (parent === undefined) return active;
  const around = parent.context;
  const outer = activeScopeIn(around);
  for (let scope = activeScopeIn(active); scope !== undefined; scope = scope.parent)
    if (scope === outer) return active;
  return around;
}
