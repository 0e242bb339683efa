/** What a model makes up is short; a longer name is compared by its beginning. */
const MAX_COMPARED = 64;

/**
 * The known name that the given one was most likely meant to be: equal but for case and punctuation, or a few letters away.
 *
 * @returns `undefined` where none is near.
 */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  const wanted = plain(given);
  if (wanted === "") return undefined;
  let nearest: string | undefined;
  let fewest = Math.floor(wanted.length / 3) + 1;
  for (const name of known) {
    const steps = distance(wanted, plain(name), fewest);
    if (steps < fewest) {
      nearest = name;
      fewest = steps;
    }
  }
  return nearest;
}

/** `functions.web_search` and `webSearch` are the same to a model. */
function plain(name: string): string {
  const last = name.slice(0, MAX_COMPARED).split(/[./:]/).filter(Boolean).at(-1) ?? "";
  return last.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** Levenshtein's, row by row; stops where it cannot get below `limit` any more. */
function distance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) >= limit) return limit;
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const swap = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    if (Math.min(...next) >= limit) return limit;
    row = next;
  }
  return row[other.length]!;
}
