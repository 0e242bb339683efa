import type { SseFrame } from "./sse-frame.ts";
import type { Wire } from "./wire.ts";

/** How a stream ends, and after how many chunks. */
export type StreamEnding =
  | { readonly kind: "complete" }
  | { readonly kind: "stall"; readonly afterChunks: number }
  | { readonly kind: "break"; readonly afterChunks: number }
  | { readonly kind: "malformed"; readonly afterChunks: number }
  | { readonly kind: "error"; readonly afterChunks: number; readonly frame: SseFrame };

/** Sends the events up to where the script lets the stream end, then ends it so. */
export async function playStream(
  wire: Wire,
  frames: readonly SseFrame[],
  ending: StreamEnding,
  chunkDelayMs: number,
): Promise<void> {
  const kept = ending.kind === "complete" ? frames.length : untilChunks(frames, ending.afterChunks);
  let chunks = 0;
  for (const frame of frames.slice(0, kept)) {
    if (frame.chunk && chunks++ > 0) await wire.wait(chunkDelayMs);
    await wire.write(frame.text);
  }
  await end(wire, ending, frames[kept]);
}

async function end(wire: Wire, ending: StreamEnding, next: SseFrame | undefined): Promise<void> {
  switch (ending.kind) {
    case "complete":
      return wire.end();
    case "stall":
      return wire.stall();
    case "break":
      return wire.cut(firstHalf(next?.text ?? ""));
    case "malformed":
      await wire.write(`${firstHalf(next?.text.trimEnd() ?? "data: {")}\n\n`);
      return wire.end();
    case "error":
      await wire.write(ending.frame.text);
      return wire.end();
  }
}

/** How many frames come before the one that follows the given number of chunks. Too many chunks mean: all there are. */
function untilChunks(frames: readonly SseFrame[], wanted: number): number {
  const chunkAt = frames.flatMap((frame, index) => (frame.chunk ? [index] : []));
  if (wanted === 0) return chunkAt[0] ?? 1;
  return (chunkAt[Math.min(wanted, chunkAt.length) - 1] ?? 0) + 1;
}

export function firstHalf(text: string): string {
  return text.slice(0, Math.ceil(text.length / 2));
}
