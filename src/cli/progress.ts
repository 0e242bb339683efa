import { formatDuration } from "../telemetry/format-trace-numbers.ts";
import { printable } from "../telemetry/format-trace-text.ts";

/** Where the line is drawn. */
export type ProgressStream = Pick<NodeJS.WriteStream, "write" | "isTTY"> & { readonly columns?: number };

export interface ProgressOptions {
  /** @default stderr */
  readonly stream?: ProgressStream;
  /** Milliseconds before anything is drawn. @default 1_000 */
  readonly afterMs?: number;
}

/** Says how far the work is, as `40 %` or `12 letters`. Cheap: drawn a few times a second at most. */
export type Tell = (detail: string) => void;

const EVERY_MS = 200;
const AFTER_MS = 1_000;
const LEFTMOST_AND_CLEAR = "\r\x1b[K";

/**
 * Does a work that may take long, and shows after a second what it is busy with, in one line that goes when it is done. In a pipe, and on a
 * terminal that cannot clear a line, there is none.
 *
 * @param what As "Verifying the ledger".
 */
export async function withProgress<T>(
  what: string,
  work: (tell: Tell) => Promise<T>,
  { stream = process.stderr, afterMs = AFTER_MS }: ProgressOptions = {},
): Promise<T> {
  if (stream.isTTY !== true || process.env["TERM"] === "dumb") return work(() => {});
  const begin = performance.now();
  let [detail, drawnAt, drawn] = ["", begin + afterMs - EVERY_MS, false];
  const draw = (): void => {
    const now = performance.now();
    if (now < drawnAt + EVERY_MS) return;
    drawnAt = now;
    drawn = true;
    const took = formatDuration(BigInt(Math.round(now - begin)) * 1_000_000n);
    const text = [what, detail, took].filter((part) => part !== "").join(", ");
    stream.write(`${LEFTMOST_AND_CLEAR}${printable(`${text} …`, (stream.columns ?? 80) - 1)}`);
  };
  const timer = setInterval(draw, EVERY_MS);
  timer.unref();
  try {
    return await work((said) => {
      detail = said;
      // Also where the work leaves the timer no turn.
      draw();
    });
  } finally {
    clearInterval(timer);
    if (drawn) stream.write(LEFTMOST_AND_CLEAR);
  }
}
