/** What the guard must know, worked out the long way: every version is kept, and badness is looked up in the whole graph each time. */

export interface Token {
  readonly id: number;
}

interface Node {
  readonly field: string;
  /** Whether its value is kept, to be given once it is the last good one. */
  readonly isKept: boolean;
  /** Ids of what it was made from. */
  from: readonly number[];
  /** Somebody has said that it is bad, or its node has failed. */
  isRoot: boolean;
  /** Bad since it was found out, until somebody vouches for it. */
  isBad: boolean;
}

export interface Try {
  readonly order: number;
  readonly fields: readonly string[];
  readonly reads: readonly number[];
  /** Written by tries within this one. */
  readonly inner: number[];
  readonly parent: Try | undefined;
}

interface Hold {
  readonly order: number;
  readonly untilMs: number;
}

export class Oracle {
  readonly ttlMs: number;
  /** Fields that the failure of some node quarantines. */
  readonly declared = new Set<string>();
  readonly versions = new Map<number, Node>();
  /** Ids by field, in the order of their writes. */
  readonly #history = new Map<string, number[]>();
  readonly #holds = new Map<string, Hold>();
  /** Fields that were said to be bad before anybody saw a value in them. */
  readonly #unseen = new Set<string>();
  #order = 0;
  nowMs = 0;

  constructor(ttlMs: number) {
    this.ttlMs = ttlMs;
  }

  /** Somebody has seen a value that no node wrote. */
  met(field: string, value: unknown): void {
    if (!isToken(value) || this.versions.has(value.id)) return;
    this.#add(field, value.id, [], this.declared.has(field));
    if (this.#unseen.has(field)) Object.assign(this.versions.get(value.id) ?? {}, { isBad: true });
  }

  begin(
    seen: ReadonlyMap<string, unknown>,
    reads: readonly string[],
    fields: readonly string[],
    parent?: Try,
  ) {
    this.#order += 1;
    const ids = reads.flatMap((field) => {
      const value = seen.get(field);
      return isToken(value) ? [value.id] : [];
    });
    return { order: this.#order, fields, reads: this.#reachable(ids), inner: [], parent } satisfies Try;
  }

  succeeded(attempt: Try, writes: Readonly<Record<string, Token>>): void {
    const isBad = attempt.reads.some((id) => this.versions.get(id)?.isBad);
    for (const [field, { id }] of Object.entries(writes)) {
      this.#write(attempt, field, id, isBad);
      if (!isBad && (this.#holds.get(field)?.order ?? 0) < attempt.order) this.#holds.delete(field);
    }
  }

  /** @param others What it wrote all the same into fields that are not its own. */
  failed(attempt: Try, others: Readonly<Record<string, Token>> = {}): void {
    const isBad = attempt.reads.some((id) => this.versions.get(id)?.isBad);
    for (const [field, { id }] of Object.entries(others)) this.#write(attempt, field, id, isBad);
    for (const id of attempt.inner) {
      if (attempt.fields.includes(this.versions.get(id)?.field ?? "")) this.#root(id);
    }
    for (const field of attempt.fields) this.#hold(field);
  }

  quarantine(field: string): void {
    const last = this.#history.get(field)?.at(-1);
    if (last === undefined) this.#unseen.add(field);
    else this.#root(last);
    this.#hold(field);
  }

  release(field: string): void {
    const ids = this.#history.get(field) ?? [];
    if (
      !this.#holds.has(field) &&
      !this.#unseen.has(field) &&
      !ids.some((id) => this.versions.get(id)?.isBad)
    )
      return;
    this.#holds.delete(field);
    this.#unseen.delete(field);
    for (const id of ids)
      Object.assign(this.versions.get(id) ?? {}, { from: [], isRoot: false, isBad: false });
  }

  isHeld(field: string): boolean {
    return this.#holds.has(field);
  }

  isBad(value: unknown): boolean {
    return isToken(value) && this.versions.get(value.id)?.isBad === true;
  }

  /** What a reader must get for what stands in its state. */
  expected(field: string, own: unknown): unknown {
    const hold = this.#holds.get(field);
    if (hold !== undefined && this.nowMs < hold.untilMs) return null;
    if (isToken(own) && !this.isBad(own)) return own;
    if (hold === undefined && !isToken(own)) return own;
    const last = this.#history.get(field)?.findLast((id) => {
      const version = this.versions.get(id);
      return version?.isKept && !version.isBad;
    });
    return last === undefined ? null : { id: last };
  }

  #write(attempt: Try, field: string, id: number, isBad: boolean): void {
    this.#add(field, id, attempt.reads, true);
    for (let outer = attempt.parent; outer !== undefined; outer = outer.parent) outer.inner.push(id);
    if (!isBad) return;
    Object.assign(this.versions.get(id) ?? {}, { isBad });
    this.#hold(field);
  }

  #add(field: string, id: number, from: readonly number[], isKept: boolean): void {
    this.versions.set(id, { field, isKept, from, isRoot: false, isBad: false });
    this.#history.set(field, [...(this.#history.get(field) ?? []), id]);
  }

  #root(id: number): void {
    const root = this.versions.get(id);
    if (root === undefined) return;
    root.isRoot = true;
    root.isBad = true;
    for (const [each, version] of this.versions) {
      if (version.isBad || !this.#reachable([each]).includes(id)) continue;
      version.isBad = true;
      if (this.#history.get(version.field)?.at(-1) === each) this.#hold(version.field);
    }
  }

  #hold(field: string): void {
    this.#order += 1;
    this.#holds.set(field, { order: this.#order, untilMs: this.nowMs + this.ttlMs });
  }

  /** Those ids and all that they were made from, by walking the graph. */
  #reachable(ids: readonly number[]): readonly number[] {
    const seen = new Set<number>();
    const left = [...ids];
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      left.push(...(this.versions.get(id)?.from ?? []));
    }
    return [...seen];
  }
}

export function isToken(value: unknown): value is Token {
  return typeof value === "object" && value !== null && "id" in value;
}
