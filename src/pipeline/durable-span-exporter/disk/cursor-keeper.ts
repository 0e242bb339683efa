import type { Clock } from "../../../internal/clock.ts";
import { type Cursor, writeCursor } from "./cursor-file.ts";
import { attempt } from "./system-error.ts";

/** After a kill, what was settled for so long at the most comes again. */
const EVERY_MS = 100;

/** Writes the cursor after frames were settled, at most ten times a second. One that cannot be written is tried again later. */
export class CursorKeeper {
  readonly #directory: () => string;
  readonly #cursor: () => Cursor;
  readonly #clock: Clock;
  #writtenAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(directory: () => string, cursor: () => Cursor, clock: Clock) {
    this.#directory = directory;
    this.#cursor = cursor;
    this.#clock = clock;
  }

  changed(): void {
    if (this.#timer !== undefined) return;
    const waitMs = this.#writtenAtMs + EVERY_MS - this.#clock.monotonic();
    if (waitMs <= 0) this.write();
    else this.#timer = setTimeout(() => this.write(), waitMs).unref();
  }

  write(): void {
    this.stop();
    this.#writtenAtMs = this.#clock.monotonic();
    attempt(() => writeCursor(this.#directory(), this.#cursor()));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
