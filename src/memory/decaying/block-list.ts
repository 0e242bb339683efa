import { Bounds } from "./bounds.ts";
import type { Cell } from "./cell.ts";

/** Small enough to look at whole, large enough that blocks are few. */
const BLOCK = 64;

/** Some entries, and between which values they are. */
export class Block {
  readonly cells: Cell[] = [];
  bounds = new Bounds();

  add(cell: Cell): void {
    cell.block = this;
    this.cells.push(cell);
    this.bounds.include(cell);
  }

  delete(cell: Cell): void {
    cell.block = undefined;
    const last = this.cells.pop()!;
    if (last !== cell) this.cells[this.cells.indexOf(cell)] = last;
    this.bounds = new Bounds();
    for (const each of this.cells) this.bounds.include(each);
  }
}

/** Entries of one type whose scores differ by time mainly, in blocks in the order in which they were added or last recalled. */
export class BlockList {
  /** Position in `MEMORY_TYPES`. */
  readonly type: number;
  #blocks: Block[] = [];
  #bounds = new Bounds();
  #size = 0;
  /** Entries that have left since the bounds were drawn. */
  #left = 0;

  constructor(type: number) {
    this.type = type;
  }

  get size(): number {
    return this.#size;
  }

  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  get bounds(): Bounds {
    return this.#bounds;
  }

  add(cell: Cell): void {
    let block = this.#blocks.at(-1);
    if (block === undefined || block.cells.length >= BLOCK) {
      block = new Block();
      this.#blocks.push(block);
    }
    block.add(cell);
    this.#bounds.include(cell);
    this.#size += 1;
  }

  delete(cell: Cell): void {
    const block = cell.block!;
    block.delete(cell);
    this.#size -= 1;
    this.#left += 1;
    if (block.cells.length === 0) this.#blocks.splice(this.#blocks.indexOf(block), 1);
    if (this.#blocks.length > 8 + (2 * this.#size) / BLOCK) this.#pack();
    // So seldom that it costs next to nothing, so often that the bounds are near.
    if (this.#left > this.#blocks.length) this.#draw();
  }

  /** Blocks that have lost most of their entries are as slow to look through as full ones. */
  #pack(): void {
    const cells = this.#blocks.flatMap((block) => block.cells);
    this.#blocks = [];
    this.#size = 0;
    for (const cell of cells) this.add(cell);
  }

  #draw(): void {
    this.#bounds = new Bounds();
    for (const { bounds } of this.#blocks) this.#bounds.merge(bounds);
    this.#left = 0;
  }
}
