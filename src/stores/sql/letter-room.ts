/** For so long a count is believed: what others add meanwhile is not seen. */
const FRESH_MS = 1_000;
/** So many processes may each take their share of what is free, and the bound holds. */
const SHARES = 16;

interface Room {
  readonly max: number;
  readonly atMs: number;
  left: number;
}

/**
 * How many letters may be added to a queue before they are counted again: to count a hundred thousand for each of a thousand that come at once
 * would hold up the whole process.
 */
export class LetterRoom {
  readonly #rooms = new Map<string, Room>();

  /** Whether there is room for one more, for certain. */
  take(queue: string, max: number, nowMs = performance.now()): boolean {
    const room = this.#rooms.get(queue);
    if (room === undefined || room.max !== max || nowMs - room.atMs > FRESH_MS || room.left <= 0)
      return false;
    room.left -= 1;
    return true;
  }

  counted(queue: string, max: number, unresolved: number, atMs = performance.now()): void {
    this.#rooms.set(queue, { max, atMs, left: Math.floor((max - unresolved - 1) / SHARES) });
  }
}
