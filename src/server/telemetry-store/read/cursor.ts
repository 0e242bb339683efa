import { BadCursorError } from "../../../errors/bad-cursor-error.ts";

/** Where a page ended: the value that the list is ordered by, and the row's key, which is unique. */
export interface Place {
  readonly value: number;
  readonly key: number;
}

/** @param list Which list, and in which order: a place in one is none in another. */
export function cursorText(list: string, { value, key }: Place): string {
  return Buffer.from(JSON.stringify([list, value, key])).toString("base64url");
}

/** @throws BadCursorError on what `cursorText` has not made for this list. */
export function placeOf(list: string, cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [of, value, key] = parsed(cursor);
  if (of !== list || !isWhole(value) || !isWhole(key)) throw new BadCursorError();
  return { value, key };
}

function parsed(cursor: string): readonly unknown[] {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(read) && read.length === 3 ? read : [];
  } catch {
    return [];
  }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
