/** Calls of each agent that are remembered. */
const REMEMBERED = 100;
const PERCENTILE = 0.95;

/** How far an agent's calls were from what was asked for them: what was used over what was asked, of its last calls. */
export class Estimates {
  readonly #ratios: number[] = [];
  #next = 0;

  add(asked: number, used: number): void {
    this.#ratios[this.#next] = used / asked;
    this.#next = (this.#next + 1) % REMEMBERED;
  }

  /** What 95 of 100 calls stay within, as a factor; 1 where nothing is known. */
  get factor(): number {
    const sorted = this.#ratios.toSorted((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * PERCENTILE) - 1] ?? 1;
  }
}
