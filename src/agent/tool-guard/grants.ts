import type { Scope } from "../scope.ts";

/** Which tools each agent was given. */
export class Grants {
  readonly #byAgent: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  readonly #all: readonly string[];

  constructor(byAgent: ReadonlyMap<string, ReadonlySet<string>> | undefined, all: readonly string[]) {
    this.#byAgent = byAgent;
    this.#all = all;
  }

  /** @returns The names that the agent at work may call. */
  of(scope: Scope | undefined): readonly string[] {
    const agent = scope?.agent;
    const listed = agent === undefined ? undefined : this.#byAgent?.get(agent);
    if (listed !== undefined) return this.#all.filter((name) => listed.has(name));
    const declared = scope?.tools;
    if (declared !== undefined) return this.#all.filter((name) => declared.includes(name));
    return this.#byAgent === undefined ? this.#all : [];
  }
}
