import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame, FrameQueue } from "../../src/pipeline/durable-span-exporter/frame-queue.ts";

const WRITE_EVERY_MS = 20;

/** How one writes a durable queue at first: memory, and from there to disk a little later, so that `append` is fast. */
export function memoryFirstQueue(directory: string): FrameQueue {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${process.pid}.lines`);
  const kept = readdirSync(directory).flatMap((name) => framesIn(join(directory, name)));
  let waiting: Frame[] = [];
  const write = () => {
    appendFileSync(file, waiting.map(line).join(""));
    waiting = [];
  };
  const timer = setInterval(write, WRITE_EVERY_MS).unref();
  const closeSync = () => {
    clearInterval(timer);
    write();
  };
  return {
    append: (frame) => void waiting.push(frame),
    synced: async () => {},
    take: async () => kept.shift(),
    settle: () => {},
    putBack: (frame) => void kept.unshift(frame),
    size: { frames: kept.length, spans: 0, bytes: 0, oldestMs: undefined },
    close: async () => closeSync(),
    closeSync,
  };
}

function line({ body, ...rest }: Frame): string {
  return `${JSON.stringify({ ...rest, body: Buffer.from(body).toString("base64") })}\n`;
}

function framesIn(file: string): Frame[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((text) => {
    try {
      const { body, ...rest } = JSON.parse(text) as Frame & { body: string };
      return [{ ...rest, body: Buffer.from(body, "base64") }];
    } catch {
      return [];
    }
  });
}
