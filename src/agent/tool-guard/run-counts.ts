import { warnOnce } from "../../internal/warn-once.ts";
import type { Scope } from "../scope.ts";

/** Calls of one agent run. */
class Counts {
  all = 0;
  readonly byTool = new Map<string, number>();
}

/** How often tools ran, by agent run. A run is the call of an agent or a workflow; outside of one, the life of the guard. */
export class RunCounts {
  // By the totals of the run, which all scopes inside of it share. Weak: they end with it.
  readonly #runs = new WeakMap<object, Counts>();
  readonly #outside = new Counts();
  readonly #maxCalls: number;

  constructor(maxCalls: number) {
    this.#maxCalls = maxCalls;
  }

  /**
   * Takes one call, at once, so that calls side by side cannot both take the last one.
   *
   * @returns The limit that is used up: then nothing was taken.
   */
  take(
    scope: Scope | undefined,
    tool: string,
    maxOfTool: number,
  ): { readonly max: number; readonly whose: "tool" | "all" } | undefined {
    const counts = this.#of(scope);
    const used = counts.byTool.get(tool) ?? 0;
    if (used >= maxOfTool) return { max: maxOfTool, whose: "tool" };
    if (counts.all >= this.#maxCalls) return { max: this.#maxCalls, whose: "all" };
    counts.all += 1;
    counts.byTool.set(tool, used + 1);
    return undefined;
  }

  #of(scope: Scope | undefined): Counts {
    if (scope?.name === undefined) {
      if (this.#maxCalls !== Number.POSITIVE_INFINITY)
        warnOnce(
          "tool-guard:no-run",
          "toolGuard is called outside of any agent or workflow: maxCalls counts all calls of the guard there. Call it inside agent()",
        );
      return this.#outside;
    }
    let counts = this.#runs.get(scope.own);
    if (counts === undefined) {
      counts = new Counts();
      this.#runs.set(scope.own, counts);
    }
    return counts;
  }
}
