import { closeSync, openSync, writeSync } from "node:fs";
import type { Frame } from "../../src/pipeline/durable-span-exporter/frame-queue.ts";

/** How one appends at first: a length and a body. A full disk throws into the caller and leaves half a frame. */
export function plainAppend(path: string): { append(frame: Frame): void; close(): void } {
  const fd = openSync(path, "a", 0o600);
  return {
    append({ body }) {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(body.byteLength);
      writeSync(fd, length);
      writeSync(fd, body);
    },
    close: () => closeSync(fd),
  };
}
