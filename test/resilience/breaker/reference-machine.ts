/**
 * The rules of a breaker in the plainest form, to compare with: it acts at the moment at which time is over, keeps
 * who was admitted in lists, and knows no generations. Opens at `limit` failures in a row.
 */
export class ReferenceMachine {
  state = "closed";
  late = 0;
  ignored = 0;
  rejections = 0;
  #now = 0;
  #failures = 0;
  #opens = 0;
  #since = 0;
  #until = 0;
  #successes = 0;
  #admitted = new Map<number, number>();
  readonly #o: { limit: number; permits: number; base: number; max: number; lease: number; healthy: number };

  constructor(options: ReferenceMachine["options"]) {
    this.#o = options;
  }

  get options() {
    return this.#o;
  }

  tick(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next =
        this.state === "open" ? this.#until : this.state === "half_open" ? this.#firstEnd() : Infinity;
      if (next > end) break;
      this.#now = next;
      this.#enter(this.state === "open" ? "half_open" : "open");
    }
    this.#now = end;
  }

  available(): boolean {
    if (this.state === "half_open") return this.#successes + this.#admitted.size < this.#o.permits;
    return this.state === "closed" || this.state === "disabled";
  }

  retryAfter(): number | undefined {
    if (this.available()) return 0;
    if (this.state === "forced_open") return undefined;
    return (this.state === "open" ? this.#until : this.#firstEnd()) - this.#now;
  }

  acquire(id: number): boolean {
    if (!this.available()) this.rejections += 1;
    else this.#admitted.set(id, this.#now + this.#o.lease);
    return this.#admitted.has(id);
  }

  settle(id: number, outcome: string): void {
    if (!this.#admitted.delete(id)) this.late += 1;
    else if (this.state !== "disabled") this.#count(outcome);
  }

  record(outcome: string): void {
    if (this.state === "disabled") return;
    if (this.available()) this.#count(outcome);
    else this.late += 1;
  }

  byHand(state: string): void {
    if (state === "closed") this.#opens = 0;
    if (state === "closed" || state !== this.state) this.#enter(state);
  }

  #count(outcome: string): void {
    if (outcome === "ignored") this.ignored += 1;
    else if (outcome.endsWith("failure")) this.#failed();
    else if (this.state === "closed") this.#failures = 0;
    else if (++this.#successes === this.#o.permits) this.#enter("closed");
  }

  #failed(): void {
    if (this.state === "closed" && ++this.#failures < this.#o.limit) return;
    if (this.state === "closed" && this.#now - this.#since >= this.#o.healthy) this.#opens = 0;
    this.#enter("open");
  }

  #enter(state: string): void {
    this.state = state;
    this.#admitted = new Map();
    this.#failures = this.#successes = 0;
    this.#since = this.#now;
    if (state === "open") this.#until = this.#now + Math.min(this.#o.base * 2 ** this.#opens++, this.#o.max);
  }

  #firstEnd(): number {
    return Math.min(...this.#admitted.values());
  }
}
