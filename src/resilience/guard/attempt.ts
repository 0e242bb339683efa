import type { Version } from "./version.ts";

/** Versions that a failure can still reach, of one run of a node; beyond, the oldest are let go. */
const MAX_PINNED = 1_000;

/** One run of one node. */
export class Attempt {
  readonly node: string;
  /** Its place in the run of the graph: when it began. */
  readonly order: number;
  /** The node that called this one. */
  readonly parent: Attempt | undefined;
  /** Fields that its failure quarantines. */
  readonly fields: readonly string[];
  /** What it has read, with everything behind it. */
  sources: ReadonlySet<Version> = new Set();
  /** Written by nodes that it has called. */
  readonly #pinned = new Map<Version, string>();

  constructor(node: string, order: number, fields: readonly string[], parent: Attempt | undefined) {
    this.node = node;
    this.order = order;
    this.fields = fields;
    this.parent = parent;
  }

  /** A node that it called has written this. */
  pin(version: Version, field: string): void {
    if (this.fields.includes(field)) {
      this.#pinned.set(version, field);
      version.pins += 1;
      const [oldest] = this.#pinned.keys();
      if (this.#pinned.size > MAX_PINNED && oldest !== undefined) this.#unpin(oldest);
    }
    this.parent?.pin(version, field);
  }

  get pinned(): Iterable<readonly [Version, string]> {
    return this.#pinned;
  }

  /** It is over. */
  end(): void {
    for (const version of this.#pinned.keys()) this.#unpin(version);
  }

  #unpin(version: Version): void {
    if (this.#pinned.delete(version)) version.pins -= 1;
  }
}
