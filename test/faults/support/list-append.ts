// Finds what must not be in a history of transactions that append unique elements to lists and read them, as Elle does for Jepsen: the
// final list of a key is the order in which its versions were written, so that each read says which version it saw, and from who wrote,
// read and overwrote which version follows who must have come before whom. A ring of these is a history that no order explains.

type Element = string;

export interface Transaction {
  /** Of its writer, whose transactions are in the order in which they ended. */
  readonly writer: string;
  /** `info`: it is not known whether it was done. */
  readonly outcome: "ok" | "fail" | "info";
  /** What it saw, before its own appends. @see version Where that is known. */
  readonly reads: readonly {
    readonly key: string;
    readonly list: readonly Element[];
    readonly version?: number;
  }[];
  /** At most one for each key. @see version As it was acknowledged. */
  readonly appends: readonly { readonly key: string; readonly element: Element; readonly version?: number }[];
}

export interface FinalList {
  readonly list: readonly Element[];
  readonly version: number;
}

/** @returns What is wrong, in words; nothing where some order of whole transactions explains all that was seen. */
export function anomaliesOf(
  history: readonly Transaction[],
  final: ReadonlyMap<string, FinalList>,
): readonly string[] {
  const places = placesIn(final);
  return [
    ...wrongElements(history, final),
    ...lostAppends(history, places),
    ...wrongReads(history, final),
    ...ringsIn(history, final, places),
  ];
}

/** Where each element stands: key and index. */
type Places = ReadonlyMap<Element, { readonly key: string; readonly index: number }>;

function placesIn(final: ReadonlyMap<string, FinalList>): Places {
  return new Map(
    [...final].flatMap(([key, { list }]) => list.map((element, index) => [element, { key, index }] as const)),
  );
}

/** Elements that are there twice, that nobody wrote, or whose writer was told that it was not done; and versions that do not agree. */
function wrongElements(history: readonly Transaction[], final: ReadonlyMap<string, FinalList>): string[] {
  const outcomes = new Map(
    history.flatMap(({ appends, outcome }) => appends.map(({ element }) => [element, outcome] as const)),
  );
  const found: string[] = [];
  const seen = new Set<Element>();
  for (const [key, { list, version }] of final) {
    if (version !== list.length) found.push(`${key} has version ${version} and ${list.length} elements`);
    for (const element of list) {
      if (seen.has(element)) found.push(`${element} is in ${key} twice`);
      if (outcomes.get(element) === "fail") found.push(`${element} is in ${key} and was refused`);
      if (!outcomes.has(element)) found.push(`${element} is in ${key} and nobody wrote it`);
      seen.add(element);
    }
  }
  return found;
}

/** What was acknowledged and is not there, or not with that version. */
function lostAppends(history: readonly Transaction[], places: Places): string[] {
  return history
    .filter(({ outcome }) => outcome === "ok")
    .flatMap(({ appends }) =>
      appends.flatMap(({ key, element, version }) => {
        const place = places.get(element);
        if (place?.key !== key) return [`${element} of ${key} is lost`];
        if (version === undefined || version === place.index + 1) return [];
        return [`${element} of ${key} was version ${version} and is number ${place.index + 1}`];
      }),
    );
}

/** What no version of a key ever was. Also one that was refused must not have seen such a thing. */
function wrongReads(history: readonly Transaction[], final: ReadonlyMap<string, FinalList>): string[] {
  return history.flatMap(({ reads }) =>
    reads.flatMap(({ key, list, version }) => {
      const end = final.get(key)?.list ?? [];
      const isPrefix = list.length <= end.length && list.every((element, i) => element === end[i]);
      if (!isPrefix) return [`${key} was read as ${JSON.stringify(list)}, which it never was`];
      if (version === undefined || version === list.length) return [];
      return [`${key} was read as version ${version} with ${list.length} elements`];
    }),
  );
}

/** Transactions that must each have come before the other. */
function ringsIn(
  history: readonly Transaction[],
  final: ReadonlyMap<string, FinalList>,
  places: Places,
): string[] {
  // One whose fate is not known counts if what it wrote is there.
  const done = history.filter(
    ({ outcome, appends }) =>
      outcome === "ok" || (outcome === "info" && appends.some(({ element }) => places.has(element))),
  );
  const writers = new Map(done.flatMap((one, n) => one.appends.map(({ element }) => [element, n] as const)));
  const later = done.map(() => new Set<number>());
  const before = (one: number | undefined, other: number | undefined): void => {
    if (one !== undefined && other !== undefined && one !== other) later[one]!.add(other);
  };
  const last = new Map<string, number>();
  for (const [n, { writer, reads }] of done.entries()) {
    before(last.get(writer), n);
    last.set(writer, n);
    for (const { key, list } of reads) {
      before(writers.get(list.at(-1) ?? ""), n);
      before(n, writers.get(final.get(key)?.list[list.length] ?? ""));
    }
  }
  for (const { list } of final.values())
    for (const [i, element] of list.entries()) before(writers.get(list[i - 1] ?? ""), writers.get(element));
  const left = withoutOrder(later);
  return left.length === 0
    ? []
    : [`${left.length} transactions have no order, such as ${JSON.stringify(done[left[0]!])}`];
}

/** @returns Those that are in a ring, or after one. */
function withoutOrder(later: readonly ReadonlySet<number>[]): readonly number[] {
  const waitsFor = later.map(() => 0);
  for (const all of later) for (const n of all) waitsFor[n]! += 1;
  const free = [...waitsFor.keys()].filter((n) => waitsFor[n] === 0);
  for (let n = free.pop(); n !== undefined; n = free.pop()) {
    for (const next of later[n]!) {
      waitsFor[next]! -= 1;
      if (waitsFor[next] === 0) free.push(next);
    }
  }
  return [...waitsFor.keys()].filter((n) => waitsFor[n]! > 0);
}
