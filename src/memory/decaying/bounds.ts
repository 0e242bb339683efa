import type { Cell } from "./cell.ts";
import type { Relevance, Scored } from "./relevance.ts";

/** A score is exact to a few bits, so a bound made of other numbers may be lower by that than a score that it is to cover. */
export const SLACK = 1e-12;

/** Of entries that differ: between which values they are, the two shares that time does not change taken together. */
export interface Corner {
  readonly shares: number;
  readonly createdMs: number;
  readonly accessedMs: number;
}

/** Between which values the entries of a block are. May be wider than they are, never narrower. */
export class Bounds {
  #sharesMin = Number.POSITIVE_INFINITY;
  #sharesMax = Number.NEGATIVE_INFINITY;
  #createdMin = Number.POSITIVE_INFINITY;
  #createdMax = Number.NEGATIVE_INFINITY;
  #accessedMin = Number.POSITIVE_INFINITY;
  #accessedMax = Number.NEGATIVE_INFINITY;
  #oldest = Number.POSITIVE_INFINITY;
  #newest = Number.NEGATIVE_INFINITY;
  /** What all entries in here score by, where they are all alike. */
  #alike: Scored | undefined;

  include(cell: Cell): void {
    const shares = cell.importanceShare + cell.frequencyShare;
    const { createdMs, accessedMs, id } = cell;
    if (this.#newest < this.#oldest) this.#alike = scoredOf(cell);
    else if (this.#alike !== undefined && !isAlike(this.#alike, cell)) this.#alike = undefined;
    if (shares < this.#sharesMin) this.#sharesMin = shares;
    if (shares > this.#sharesMax) this.#sharesMax = shares;
    if (createdMs < this.#createdMin) this.#createdMin = createdMs;
    if (createdMs > this.#createdMax) this.#createdMax = createdMs;
    if (accessedMs < this.#accessedMin) this.#accessedMin = accessedMs;
    if (accessedMs > this.#accessedMax) this.#accessedMax = accessedMs;
    if (id < this.#oldest) this.#oldest = id;
    if (id > this.#newest) this.#newest = id;
  }

  merge(other: Bounds): void {
    const isFirst = this.#newest < this.#oldest;
    const isSame =
      this.#alike !== undefined && other.#alike !== undefined && isAlike(this.#alike, other.#alike);
    this.#alike = isFirst || isSame ? other.#alike : undefined;
    this.#sharesMin = Math.min(this.#sharesMin, other.#sharesMin);
    this.#sharesMax = Math.max(this.#sharesMax, other.#sharesMax);
    this.#createdMin = Math.min(this.#createdMin, other.#createdMin);
    this.#createdMax = Math.max(this.#createdMax, other.#createdMax);
    this.#accessedMin = Math.min(this.#accessedMin, other.#accessedMin);
    this.#accessedMax = Math.max(this.#accessedMax, other.#accessedMax);
    this.#oldest = Math.min(this.#oldest, other.#oldest);
    this.#newest = Math.max(this.#newest, other.#newest);
  }

  get oldest(): number {
    return this.#oldest;
  }

  get newest(): number {
    return this.#newest;
  }

  get top(): Corner {
    return { shares: this.#sharesMax, createdMs: this.#createdMax, accessedMs: this.#accessedMax };
  }

  get bottom(): Corner {
    return { shares: this.#sharesMin, createdMs: this.#createdMin, accessedMs: this.#accessedMin };
  }

  /** No entry in here scores more. Exact where all are alike, so that of a thousand equal ones not all are looked at. */
  upper(relevance: Relevance, type: number, nowMs: number): number {
    if (this.#alike !== undefined) return relevance.score(type, this.#alike, nowMs);
    return Math.min(1, scoreAt(this.top, relevance, type, nowMs) + SLACK);
  }

  /** No entry in here scores less. */
  lower(relevance: Relevance, type: number, nowMs: number): number {
    if (this.#alike !== undefined) return relevance.score(type, this.#alike, nowMs);
    return Math.max(0, scoreAt(this.bottom, relevance, type, nowMs) - SLACK);
  }
}

/** Whether what is at `one` scores at most as much as what is at `other`, at any time. */
export function isBelow(one: Corner, other: Corner): boolean {
  return one.shares <= other.shares && one.createdMs <= other.createdMs && one.accessedMs <= other.accessedMs;
}

function scoreAt(
  { shares, createdMs, accessedMs }: Corner,
  relevance: Relevance,
  type: number,
  nowMs: number,
): number {
  return relevance.score(type, { importanceShare: shares, frequencyShare: 0, createdMs, accessedMs }, nowMs);
}

/** A copy: the entry may change, and leave. */
function scoredOf({ importanceShare, frequencyShare, createdMs, accessedMs }: Cell): Scored {
  return { importanceShare, frequencyShare, createdMs, accessedMs };
}

function isAlike(one: Scored, other: Scored): boolean {
  return (
    one.createdMs === other.createdMs &&
    one.accessedMs === other.accessedMs &&
    one.importanceShare === other.importanceShare &&
    one.frequencyShare === other.frequencyShare
  );
}
