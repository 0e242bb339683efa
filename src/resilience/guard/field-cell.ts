import type { Block } from "./block.ts";
import type { Cell } from "./cell.ts";
import { copyValue } from "./copy-value.ts";
import { fingerprint } from "./fingerprint.ts";
import { badOf, thatMatter, type Verdict, Version, withSources } from "./version.ts";

/** What stands in the state that a node was called with. */
export interface Own {
  readonly present: boolean;
  readonly value: unknown;
}

export interface Reader {
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  readonly lineage: object;
}

/** What a node gets for a field. */
export interface Reading {
  /** `false`: the field is absent from its view. */
  readonly present: boolean;
  /** A copy. */
  readonly value: unknown;
  readonly version: Version | undefined;
  /** Why it is not what stands in the state; `undefined` where it is. */
  readonly withheld: Verdict | undefined;
}

const ABSENT: Reading = { present: false, value: undefined, version: undefined, withheld: undefined };

/** One field of one run: the versions that it has had, and whether it may be read. */
export class FieldCell implements Cell {
  readonly field: string;
  readonly replaces = true;
  block: Block | undefined;
  readonly #maxVersions: number;
  /** Whether a value that no protected node wrote is kept, so that it can be the last good one. */
  readonly #keeps: () => boolean;
  /** In the order of their writes. */
  readonly #versions: Version[] = [];
  /** Of a bad version that is forgotten, or was never seen: a value that nobody knows may be that one. */
  #lost: Verdict | undefined;
  /** What stands behind the versions that are forgotten. */
  #older: ReadonlySet<Version> = new Set();
  readonly #byObject = new WeakMap<object, Version>();

  constructor(field: string, maxVersions: number, keeps: () => boolean) {
    this.field = field;
    this.#maxVersions = maxVersions;
    this.#keeps = keeps;
  }

  get versions(): readonly Version[] {
    return this.#versions;
  }

  get latest(): Version | undefined {
    return this.#versions.at(-1);
  }

  get newest(): readonly Version[] {
    const last = this.#versions.findLastIndex(({ isMixed }) => !isMixed);
    return this.#versions.slice(Math.max(0, last));
  }

  get isSuspect(): boolean {
    return (
      this.block !== undefined ||
      this.#lost !== undefined ||
      badOf(this.#versions) !== undefined ||
      badOf(this.#older) !== undefined
    );
  }

  read(own: Own, reader: Reader): Reading {
    const version = own.present ? this.#meet(own.value, reader.lineage) : undefined;
    if (this.block !== undefined) {
      return reader.nowMs < this.block.untilMs
        ? this.#null(this.block)
        : this.#lastGood(own, version, reader, this.block);
    }
    if (!own.present) return ABSENT;
    if (version === undefined) return { ...ABSENT, present: true, value: null };
    // A state from before the release still has the bad value in it.
    return version.bad === undefined
      ? this.#given(own.value, version, undefined)
      : this.#lastGood(own, version, reader, version.bad);
  }

  /** What stands in the states is bad, whatever it is. */
  spoilUnknown(verdict: Verdict): void {
    this.#lost = verdict;
  }

  /** @param value As the node returned it: whoever finds this object in a state has found this version. */
  write(value: unknown, writer: string, sources: ReadonlySet<Version>, lineage: object): Version {
    const kept = { value: copyValue(value) };
    return this.#add(new Version({ writer, print: fingerprint(value), lineage, sources, kept }), value);
  }

  /** Everything that it has is vouched for. */
  vouch(): void {
    this.block = undefined;
    this.#lost = undefined;
    this.#older = new Set();
    for (const version of this.#versions) version.vouch();
  }

  #add(version: Version, value: unknown): Version {
    this.#versions.push(version);
    this.#link(value, version);
    this.#trim();
    return version;
  }

  #trim(): void {
    if (this.#versions.length <= this.#maxVersions) return;
    const dropped = this.#leastNeeded();
    this.#versions.splice(this.#versions.indexOf(dropped), 1);
    this.#lost ??= dropped.bad;
    this.#older = thatMatter([...this.#older, dropped, ...dropped.sources]);
    dropped.forget();
  }

  /** The oldest good one, or where bad ones fill half of the places the oldest of these; never what may stand in the states now. */
  #leastNeeded(): Version {
    const isNeeded = new Set([this.latest, this.newest[0]]);
    const old = this.#versions.filter((version) => !isNeeded.has(version));
    const bad = old.filter((version) => version.bad !== undefined);
    const good = old.find((version) => version.bad === undefined);
    const dropped = bad.length > this.#maxVersions / 2 ? bad[0] : (good ?? bad[0]);
    return dropped as Version;
  }

  /** `undefined` for a null that nobody wrote: a reader got it in place of a value, and handed it on. */
  #meet(value: unknown, lineage: object): Version | undefined {
    return this.#standing(value) ?? (value === null ? undefined : this.#adopt(value, lineage));
  }

  /** The version that this value is: the same object, or one with the same content. */
  #standing(value: unknown): Version | undefined {
    const known = isObject(value) ? this.#byObject.get(value) : undefined;
    if (known?.remembered) return known;
    const print = fingerprint(value);
    if (print === undefined) return undefined;
    return this.#versions.findLast((version) => version.print === print);
  }

  /**
   * A value that no protected node wrote. It may be new, or put together from all that stood in the field before, as the reducer of a
   * graph does; so it is as good as these are.
   */
  #adopt(value: unknown, lineage: object): Version {
    const print = fingerprint(value);
    const kept = this.#keeps() ? { value: copyValue(value) } : undefined;
    const before = this.#versions;
    const sources = thatMatter([...withSources(before), ...this.#older]);
    const isMixed = before.length > 0;
    const version = new Version({ writer: undefined, isMixed, print, lineage, sources, kept });
    version.bad = badOf(before) ?? badOf(this.#older) ?? this.#lost;
    return this.#add(version, value);
  }

  /** What stands in the state where that is good, else the last good version that is kept, else null. */
  #lastGood(own: Own, version: Version | undefined, { lineage }: Reader, why: Verdict): Reading {
    if (version !== undefined && version.bad === undefined) return this.#given(own.value, version, why);
    // Put together from what is bad and what is good: no single version is what it would be without the bad ones.
    if (version?.isMixed) return this.#null(why);
    // In a run that nobody told from others, what one request wrote is not for another one.
    const last = this.#versions.findLast(
      (each) => each.bad === undefined && each.kept !== undefined && each.lineage === lineage,
    );
    return last === undefined ? this.#null(why) : this.#given(last.kept?.value, last, why);
  }

  #given(value: unknown, version: Version, withheld: Verdict | undefined): Reading {
    const copy = copyValue(value);
    this.#link(copy, version);
    return { present: true, value: copy, version, withheld };
  }

  #null(withheld: Verdict): Reading {
    return { present: true, value: null, version: undefined, withheld };
  }

  #link(value: unknown, version: Version): void {
    if (isObject(value)) this.#byObject.set(value, version);
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
