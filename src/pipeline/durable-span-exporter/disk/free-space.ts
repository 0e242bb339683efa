import { statfsSync } from "node:fs";

const LOOK_EVERY_MS = 1_000;
const LOOK_EVERY_BYTES = 16 * 2 ** 20;

/** How much the disk has left over the floor, looked at once a second or every 16 MiB, and estimated between. */
export class FreeSpace {
  readonly #path: string;
  readonly #floor: number;
  #lookAtMs = Number.NEGATIVE_INFINITY;
  #lookAtBytes = 0;
  #left = Number.POSITIVE_INFINITY;

  constructor(path: string, floor: number) {
    this.#path = path;
    this.#floor = floor;
  }

  /** @param nowMs Monotonic. @returns whether `bytes` more leave the floor free. */
  has(bytes: number, nowMs: number): boolean {
    if (this.#floor === 0) return true;
    if (nowMs >= this.#lookAtMs || this.#lookAtBytes <= 0) this.#look(nowMs);
    return this.#left >= bytes;
  }

  wrote(bytes: number): void {
    this.#left -= bytes;
    this.#lookAtBytes -= bytes;
  }

  #look(nowMs: number): void {
    this.#lookAtMs = nowMs + LOOK_EVERY_MS;
    this.#lookAtBytes = LOOK_EVERY_BYTES;
    try {
      const { bavail, bsize } = statfsSync(this.#path);
      this.#left = bavail * bsize - this.#floor;
    } catch {
      // Where the system does not tell, a full disk is found by writing.
      this.#left = Number.POSITIVE_INFINITY;
    }
  }
}
