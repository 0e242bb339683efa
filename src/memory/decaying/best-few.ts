import type { ScoredCell } from "./cell.ts";

/** Whether `a` comes after `b`: it scores less, or is the older one of two that score the same. */
export function comesAfter(aScore: number, aId: number, bScore: number, bId: number): boolean {
  return aScore < bScore || (aScore === bScore && aId < bId);
}

/** The first so many of what is offered, in a heap with the last one of them on top. */
export class BestFew {
  readonly #most: number;
  readonly #floor: number;
  readonly #heap: ScoredCell[] = [];

  /** @param floor What scores less is not wanted. */
  constructor(most: number, floor: number) {
    this.#most = most;
    this.#floor = floor;
  }

  /** What scores less is certainly not wanted any more. */
  get floor(): number {
    return this.#heap.length < this.#most ? this.#floor : Math.max(this.#floor, this.#heap[0]?.score ?? 0);
  }

  /** Whether an entry of that score and id would be among them. */
  wants(score: number, id: number): boolean {
    if (score < this.#floor || this.#most === 0) return false;
    if (this.#heap.length < this.#most) return true;
    const last = this.#heap[0]!;
    return comesAfter(last.score, last.cell.id, score, id);
  }

  offer(scored: ScoredCell): void {
    if (!this.wants(scored.score, scored.cell.id)) return;
    if (this.#heap.length < this.#most) this.#up(this.#heap.push(scored) - 1, scored);
    else this.#down(scored);
  }

  /** From the first to the last. */
  sorted(): readonly ScoredCell[] {
    return this.#heap.toSorted((a, b) => b.score - a.score || b.cell.id - a.cell.id);
  }

  #up(start: number, scored: ScoredCell): void {
    const heap = this.#heap;
    let i = start;
    while (i > 0) {
      const above = (i - 1) >> 1;
      if (!isAfter(scored, heap[above]!)) break;
      heap[i] = heap[above]!;
      i = above;
    }
    heap[i] = scored;
  }

  #down(scored: ScoredCell): void {
    const heap = this.#heap;
    let i = 0;
    for (;;) {
      let below = 2 * i + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isAfter(heap[below + 1]!, heap[below]!)) below += 1;
      if (!isAfter(heap[below]!, scored)) break;
      heap[i] = heap[below]!;
      i = below;
    }
    heap[i] = scored;
  }
}

function isAfter(a: ScoredCell, b: ScoredCell): boolean {
  return comesAfter(a.score, a.cell.id, b.score, b.cell.id);
}
