/** `quarantined`: the write itself is bad. `tainted`: it was made from what is bad. */
export type QuarantineReason = "quarantined" | "tainted";

/** Why something may not be read. */
export interface Verdict {
  readonly reason: QuarantineReason;
  /** The node whose failure is behind it, or who quarantined it by hand. */
  readonly by: string;
  /** Since when, milliseconds since the epoch. */
  readonly since: number;
}

export interface VersionFacts {
  /** The node that wrote it; `undefined` for what came into the state without a protected node. */
  readonly writer: string | undefined;
  /** Whether it may be put together from several versions of its field. @default false */
  readonly isMixed?: boolean;
  readonly sources: ReadonlySet<Version>;
  readonly print: string | undefined;
  /** Whose states may be given this value; see `Lineages`. */
  readonly lineage: object;
  /** A copy of our own, where the value is kept. */
  readonly kept: { readonly value: unknown } | undefined;
}

const NONE: ReadonlySet<Version> = new Set();

/** One value that a field has had. */
export class Version {
  readonly writer: string | undefined;
  readonly isMixed: boolean;
  readonly print: string | undefined;
  readonly lineage: object;
  /** Why it is bad; `undefined` where it is good. */
  bad: Verdict | undefined;
  /** Every version that it was made from, those behind these included: so one pass finds all that a bad version has reached. */
  sources: ReadonlySet<Version>;
  kept: { readonly value: unknown } | undefined;
  /** Whether its field still remembers it. */
  remembered = true;
  /** Runs of nodes under way whose failure would make it bad. */
  pins = 0;

  constructor({ writer, isMixed = false, print, lineage, sources, kept }: VersionFacts) {
    this.writer = writer;
    this.isMixed = isMixed;
    this.print = print;
    this.lineage = lineage;
    this.sources = sources;
    this.kept = kept;
  }

  /** Lets go of what is behind it, so that no chain of versions grows with the length of a run. */
  forget(): void {
    this.remembered = false;
    this.sources = NONE;
    this.kept = undefined;
  }

  /** Somebody has looked at it: it is good, whatever it was made from. */
  vouch(): void {
    this.bad = undefined;
    this.sources = NONE;
  }

  /** Whether it can still become bad by itself, and not only through one of its own sources. */
  get matters(): boolean {
    return this.remembered || this.pins > 0;
  }
}

/** Those versions and everything behind them. */
export function withSources(versions: Iterable<Version>): Set<Version> {
  const all = new Set<Version>();
  for (const version of versions) {
    all.add(version);
    for (const source of version.sources) all.add(source);
  }
  return all;
}

/** Why one of them is bad, the first that is. */
export function badOf(versions: Iterable<Version>): Verdict | undefined {
  for (const { bad } of versions) if (bad !== undefined) return bad;
  return undefined;
}

/** Without those that can no longer become bad, so that the number stays bounded however long a run is. */
export function thatMatter(versions: Iterable<Version>): Set<Version> {
  return new Set([...versions].filter(({ matters }) => matters));
}
