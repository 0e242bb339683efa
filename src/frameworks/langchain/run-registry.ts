import { type After, systemAfter } from "../../internal/timers.ts";
import { safely } from "../../internal/warn-once.ts";
import { GraphRun } from "./graph-run.ts";
import { ModelRun } from "./model-run.ts";
import type { Run } from "./run.ts";

/** More that have not ended at once are forgotten, oldest first. */
const MAX_RUNS = 10_000;

/** Milliseconds without a node at work: longer than LangGraph waits between the attempts at one, short for a span that nobody ends. */
const QUIET_MS = 10_000;

/** How a run came to its end. */
export type Ending = { readonly how: "end" | "leave" } | { readonly how: "fail"; readonly error: unknown };

/**
 * Runs that have begun and not ended, by LangChain's ids. LangChain does not tell the end of a stream that the program has left: such a
 * run is left when that shows in another way.
 */
export class RunRegistry {
  readonly #runs = new Map<string, Run>();
  readonly #ids = new WeakMap<Run, string>();
  readonly #gone = new FinalizationRegistry<string>((id) => this.end(id, { how: "leave" }));
  readonly #quiet = new WeakMap<Run, () => void>();
  readonly #after: After;

  constructor(after: After = systemAfter) {
    this.#after = after;
  }

  get size(): number {
    return this.#runs.size;
  }

  get(id: string | undefined): Run | undefined {
    return id === undefined ? undefined : this.#runs.get(id);
  }

  /**
   * Begins a run, unless another handler has told of it already.
   *
   * @param heldBy What LangChain holds as long as it may still tell the end: when that is garbage, the run was left.
   */
  begin(id: string, heldBy: unknown, make: () => Run): void {
    if (this.#runs.has(id)) return;
    const run = make();
    this.#runs.set(id, run);
    this.#ids.set(run, id);
    this.#quiet.get(run.parent ?? run)?.();
    if (typeof heldBy === "object" && heldBy !== null) this.#gone.register(heldBy, id, run);
    const [oldest] = this.#runs.size > MAX_RUNS ? this.#runs.keys() : [];
    if (oldest !== undefined) this.end(oldest, { how: "leave" });
  }

  end(id: string, ending: Ending): void {
    const run = this.#runs.get(id);
    if (run === undefined) return;
    this.#runs.delete(id);
    this.#gone.unregister(run);
    this.#quiet.get(run)?.();
    this.#leaveStreams(run);
    const { parent } = run;
    parent?.inner.delete(run);
    safely("ending a run of LangChain", () => {
      if (ending.how === "fail") run.call?.fail(ending.error);
      else run.call?.[ending.how]();
    });
    if (parent instanceof GraphRun) this.leaveWhenQuiet(parent, QUIET_MS);
  }

  /** @param ms How long no node may begin. 0: until the next turn of the event loop. */
  leaveWhenQuiet(graph: GraphRun, ms: number): void {
    const id = this.#ids.get(graph);
    if (id === undefined || graph.inner.size > 0 || !this.#runs.has(id)) return;
    const leave = (): void => {
      if (graph.inner.size === 0) this.end(id, { how: "leave" });
    };
    this.#quiet.get(graph)?.();
    if (ms > 0) this.#quiet.set(graph, this.#after(ms, leave, false));
    else setImmediate(leave);
  }

  /** An answer that streams has been left, when what it was asked in is over. */
  #leaveStreams(run: Run): void {
    for (const inner of run.inner) {
      if (
        inner instanceof ModelRun ? inner.streams : inner.call === undefined && !(inner instanceof GraphRun)
      )
        this.end(this.#ids.get(inner) ?? "", { how: "leave" });
    }
  }
}

/** Documented registry: one run has one call, however many handlers are told of it. */
export const runs = new RunRegistry();
