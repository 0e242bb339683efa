import type { Clock } from "../../internal/clock.ts";
import { Attempt } from "./attempt.ts";
import type { Block, QuarantineMeta } from "./block.ts";
import type { Cell } from "./cell.ts";
import { FieldCell, type Own, type Reading } from "./field-cell.ts";
import { OverflowCell } from "./overflow-cell.ts";
import { badOf, type QuarantineReason, thatMatter, type Verdict, type Version } from "./version.ts";

/** What all runs of a guard have in common. */
export interface RunSettings {
  readonly quarantineTtlMs: number;
  readonly maxFields: number;
  readonly maxVersions: number;
  readonly taint: boolean;
  readonly clock: Clock;
  /** Fields that some node's failure quarantines. */
  readonly declared: ReadonlySet<string>;
  /** Told of each field that may no longer be read. Never throws. */
  blocked(block: Block): void;
}

/** What the guard knows of one run of a graph: the fields of its state, and what may not be read. */
export class GuardRun {
  readonly #settings: RunSettings;
  readonly #cells = new Map<string, Cell>();
  #overflow: OverflowCell | undefined;
  #order = 0;
  #underWay = 0;

  constructor(settings: RunSettings) {
    this.#settings = settings;
  }

  begin(node: string, fields: readonly string[], parent: Attempt | undefined): Attempt {
    this.#order += 1;
    this.#underWay += 1;
    return new Attempt(node, this.#order, fields, parent);
  }

  read(field: string, own: Own, lineage: object): Reading {
    const cell = own.present ? this.#cellOf(field) : this.#cells.get(field);
    if (cell === undefined)
      return { present: false, value: undefined, version: undefined, withheld: undefined };
    return cell.read(own, { nowMs: this.#settings.clock.monotonic(), lineage });
  }

  /** Fields that are not released, whether or not their time is over. */
  get blocks(): readonly Block[] {
    return [...this.#all()].flatMap(({ block }) => (block === undefined ? [] : [block]));
  }

  /** Whether no node is under way. */
  get isIdle(): boolean {
    return this.#underWay === 0;
  }

  /** Whether a block is not over yet. */
  get isBlocked(): boolean {
    return this.blocks.some(({ untilMs }) => this.#settings.clock.monotonic() < untilMs);
  }

  meta(field: string): QuarantineMeta | undefined {
    const { block } = this.#cells.get(field) ?? this.#overflow ?? {};
    return block && this.explain(block.field, block);
  }

  explain(
    field: string,
    { reason, by, since, node }: Verdict & { readonly node?: string | undefined },
  ): QuarantineMeta {
    const until = since + this.#settings.quarantineTtlMs;
    return { field, reason, by, ...(node !== undefined && { node }), since, until };
  }

  /** A run of a node has ended well. What it wrote is as good as what it had read. */
  succeed(attempt: Attempt, writes: Iterable<readonly [string, unknown]>, lineage: object): void {
    const verdict = this.#taintOf(attempt);
    for (const [field, value] of writes) {
      const cell = this.#write(attempt, field, value, lineage, verdict);
      if (verdict === undefined) release(cell, attempt);
    }
    this.abandon(attempt);
  }

  /**
   * A run of a node has failed.
   *
   * @param escaped What it wrote all the same, and somebody may have got.
   */
  fail(attempt: Attempt, escaped: Iterable<readonly [string, unknown]>, lineage: object): void {
    const verdict = this.#verdict("quarantined", attempt.node);
    const fields = new Set(attempt.fields);
    for (const [field, value] of escaped) {
      this.#write(attempt, field, value, lineage, fields.has(field) ? verdict : this.#taintOf(attempt));
    }
    for (const [version] of attempt.pinned) this.#spoil(version, verdict);
    for (const field of attempt.fields) this.#block(this.#cellOf(field), attempt.node, verdict);
    this.abandon(attempt);
  }

  /** A run of a node is over and says nothing: neither that it worked nor that it failed. */
  abandon(attempt: Attempt): void {
    attempt.end();
    this.#underWay -= 1;
  }

  /** By hand: what stands in the field now is bad. */
  quarantine(field: string, by: string): void {
    const verdict = this.#verdict("quarantined", by);
    const cell = this.#cellOf(field);
    const { newest } = cell;
    if (newest.length === 0) cell.spoilUnknown(verdict);
    for (const version of newest) this.#spoil(version, verdict);
    this.#block(cell, newest[0]?.writer, verdict);
  }

  /** By hand: what stands in the field is good. @returns Whether anything was held back. */
  release(field: string): boolean {
    const cell = field === this.#overflow?.field ? this.#overflow : this.#cells.get(field);
    if (cell === undefined || !cell.isSuspect) return false;
    if (cell.block !== undefined) cell.block.released = true;
    cell.vouch();
    return true;
  }

  #write(
    attempt: Attempt,
    field: string,
    value: unknown,
    lineage: object,
    verdict: Verdict | undefined,
  ): Cell {
    const cell = this.#cellOf(field);
    const version = cell.write(value, attempt.node, thatMatter(attempt.sources), lineage);
    attempt.parent?.pin(version, field);
    if (verdict !== undefined) {
      this.#spoil(version, verdict);
      this.#block(cell, attempt.node, verdict);
    }
    return cell;
  }

  #taintOf(attempt: Attempt): Verdict | undefined {
    if (!this.#settings.taint) return undefined;
    const bad = badOf(attempt.sources);
    return bad && this.#verdict("tainted", bad.by);
  }

  /** Marks a version as bad, and all that was made from it. Versions know everything behind them, so this is one pass and ends. */
  #spoil(version: Version, verdict: Verdict): void {
    version.bad ??= verdict;
    if (!this.#settings.taint) return;
    const tainted = this.#verdict("tainted", verdict.by);
    for (const cell of this.#all()) {
      for (const each of cell.versions) {
        if (each.bad !== undefined || !each.sources.has(version)) continue;
        each.bad = tainted;
        // A newer good write stands in the states; the tainted one is only known, should it turn up again.
        if (each === cell.latest) this.#block(cell, each.writer, tainted);
      }
    }
  }

  #block(cell: Cell, node: string | undefined, verdict: Verdict): void {
    const { clock, quarantineTtlMs } = this.#settings;
    if (cell.block !== undefined) cell.block.released = true;
    this.#order += 1;
    cell.block = {
      ...verdict,
      field: cell.field,
      node,
      order: this.#order,
      untilMs: clock.monotonic() + quarantineTtlMs,
      released: false,
    };
    this.#settings.blocked(cell.block);
  }

  #verdict(reason: QuarantineReason, by: string): Verdict {
    return { reason, by, since: this.#settings.clock.now() };
  }

  #cellOf(field: string): Cell {
    const known = this.#cells.get(field);
    if (known !== undefined) return known;
    const { declared, maxFields, maxVersions } = this.#settings;
    if (this.#cells.size >= maxFields && !declared.has(field)) {
      this.#overflow ??= new OverflowCell(this);
      return this.#overflow;
    }
    const cell = new FieldCell(field, maxVersions, () => declared.has(field));
    this.#cells.set(field, cell);
    return cell;
  }

  *#all(): Iterable<Cell> {
    yield* this.#cells.values();
    if (this.#overflow !== undefined) yield this.#overflow;
  }
}

/** A good write ends a block that was there when its run began; one that came later is about something newer. */
function release(cell: Cell, attempt: Attempt): void {
  if (!cell.replaces || cell.block === undefined || cell.block.order > attempt.order) return;
  cell.block.released = true;
  cell.block = undefined;
}
