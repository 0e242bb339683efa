import type { Block } from "./block.ts";
import type { Cell } from "./cell.ts";
import { copyValue } from "./copy-value.ts";
import type { Own, Reader, Reading } from "./field-cell.ts";
import { thatMatter, type Verdict, Version, withSources } from "./version.ts";

/**
 * All fields beyond `maxFields` as one: what is wrong with one of them is wrong with all, until somebody releases it by hand. Safe, and
 * of a fixed size.
 */
export class OverflowCell implements Cell {
  readonly field = "_OTHER";
  readonly replaces = false;
  block: Block | undefined;
  readonly #all: Version;

  constructor(lineage: object) {
    const facts = { writer: undefined, sources: new Set<Version>(), print: undefined, kept: undefined };
    this.#all = new Version({ ...facts, lineage });
  }

  get versions(): readonly Version[] {
    return [this.#all];
  }

  get newest(): readonly Version[] {
    return [this.#all];
  }

  get latest(): Version {
    return this.#all;
  }

  get isSuspect(): boolean {
    return this.block !== undefined || this.#all.bad !== undefined;
  }

  read(own: Own, _reader: Reader): Reading {
    const withheld = this.block ?? this.#all.bad;
    if (withheld !== undefined) return { present: true, value: null, version: undefined, withheld };
    if (!own.present) return { present: false, value: undefined, version: undefined, withheld };
    return { present: true, value: copyValue(own.value), version: this.#all, withheld };
  }

  write(_value: unknown, _writer: string, sources: ReadonlySet<Version>): Version {
    const all = withSources([...this.#all.sources, ...sources]);
    all.delete(this.#all);
    this.#all.sources = thatMatter(all);
    return this.#all;
  }

  spoilUnknown(verdict: Verdict): void {
    this.#all.bad ??= verdict;
  }

  vouch(): void {
    this.block = undefined;
    this.#all.vouch();
  }
}
