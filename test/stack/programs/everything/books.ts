import { add, type Counts } from "../../support/ledger.ts";

/**
 * What the desk has done, counted by itself and not by the package. Edges are `source|target` as the interaction graph names them: agents
 * and workflows by name, `model:NAME`, `tool:NAME`, `user` for who starts a request, and the application for what no agent called.
 */
export interface Books {
  /** `service.namespace/service.name`, or the name alone. */
  readonly app: string;
  readonly calls: Counts;
  readonly failures: Counts;
  /** Integer nano-dollars, by `agent|model`; the agent is "" for what no agent called. */
  readonly costNanoUsd: Counts;
  /** By `agent|model|type`. */
  readonly tokens: Counts;
}

export class Bookkeeper {
  readonly books: Books;

  constructor(app: string) {
    this.books = { app, calls: {}, failures: {}, costNanoUsd: {}, tokens: {} };
  }

  /** @param source Left out: no agent called. */
  called(source: string | undefined, target: string, failed: boolean): void {
    const edge = `${source ?? this.books.app}|${target}`;
    add(this.books.calls, edge);
    if (failed) add(this.books.failures, edge);
  }

  billed(agent: string | undefined, model: string, tokens: Counts, nanoUsd: number | undefined): void {
    const key = `${agent ?? ""}|${model}`;
    for (const [type, count] of Object.entries(tokens)) add(this.books.tokens, `${key}|${type}`, count);
    if (nanoUsd !== undefined) add(this.books.costNanoUsd, key, nanoUsd);
  }
}
