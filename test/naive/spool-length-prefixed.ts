import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DiskQueueOptions } from "../../src/pipeline/durable-span-exporter/disk/disk-queue-options.ts";
import type { Frame, FrameQueue } from "../../src/pipeline/durable-span-exporter/frame-queue.ts";

/**
 * How one reads segments at first: length after length, until something is wrong. One damaged header hides all that stands
 * behind it, damaged bodies are sent, and nobody counts.
 */
export function naiveSegmentReader({ directory }: Pick<DiskQueueOptions, "directory">): FrameQueue {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".seg"),
  );
  const frames = files.flatMap((path) => readAll(readFileSync(join(directory, path))));
  return {
    append: () => {},
    synced: async () => {},
    take: async () => frames.shift(),
    settle: () => {},
    putBack: () => {},
    size: { frames: 0, spans: 0, bytes: 0, oldestMs: undefined },
    close: async () => {},
    closeSync: () => {},
  };
}

function readAll(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  let at = 0;
  while (at + 40 <= bytes.length) {
    const length = bytes.readUInt32LE(at + 8);
    const body = bytes.subarray(at + 40, at + 40 + length);
    frames.push({
      body,
      gzip: false,
      spans: bytes.readUInt32LE(at + 12),
      createdMs: bytes.readDoubleLE(at + 24),
    });
    at += 40 + length;
  }
  return frames;
}
