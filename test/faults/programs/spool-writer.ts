// Appends frames to a spool, and delivers most of them, until it is killed. What it may be held to stands outside the spool: ids
// in `acked` after `append` has returned (with fsync after `synced()`), in `delivered` before a frame is settled, in `trouble`
// what should not have happened. Arguments: directory of the spool, prefix of those files, number of the process, durability, kind:
// `spool`, `naive`, or `keep` for a spool that nothing is taken from.
import { openSync, writeSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { openDiskQueue } from "../../../src/pipeline/durable-span-exporter/disk/open-disk-queue.ts";
import type {
  Frame,
  FrameQueue,
  QueueListener,
} from "../../../src/pipeline/durable-span-exporter/frame-queue.ts";
import { memoryFirstQueue } from "../../naive/spool-memory-first.ts";

/** Ids of one process: more than it ever appends. */
export const IDS = 100_000;
const MOST_FRAMES = 600;

export function writerFrame(id: number): Frame {
  const body = Buffer.alloc(40 + ((id * 7_919) % 2_000), id % 251);
  body.writeUInt32LE(id);
  return { body, gzip: false, spans: 1 + (id % 5), createdMs: Date.now() };
}

if (import.meta.main) {
  const [directory = "", files = "", number = "", durability = "none", kind = "spool"] =
    process.argv.slice(2);
  const log = (name: string) => {
    const fd = openSync(`${files}.${name}`, "a");
    return (text: number | string) => void writeSync(fd, `${text}\n`);
  };
  const trouble = log("trouble");
  process.on("uncaughtException", (error) => {
    trouble(`failed: ${error.message}`);
    process.exit(1);
  });
  writeSync(1, "loaded\n");
  const queue = open(directory, kind, durability as "none" | "fsync", trouble);
  const most = kind === "keep" ? IDS : MOST_FRAMES;
  const acked = log("acked");
  const delivered = log("delivered");
  const after = kind === "keep" ? () => turn() : () => deliver(queue, delivered);
  await write({ queue, firstId: Number(number) * IDS, most, fsync: durability === "fsync", acked, after });
}

function open(
  directory: string,
  kind: string,
  durability: "none" | "fsync",
  trouble: (text: string) => void,
): FrameQueue {
  const listener: QueueListener = {
    dropped: (reason, spans) => trouble(`dropped ${reason} ${spans}`),
    // A kill in the middle of a write tears a frame that was promised to nobody: what was promised is counted from outside.
    corrupt: () => {},
    recovered: () => {},
  };
  if (kind === "naive") return memoryFirstQueue(directory);
  const limits = { maxBytes: 2 ** 30, minFreeBytes: 0, segmentBytes: 2 ** 16 };
  return openDiskQueue({ directory, durability, ...limits }, listener);
}

interface Writing {
  readonly queue: FrameQueue;
  readonly firstId: number;
  readonly most: number;
  readonly fsync: boolean;
  readonly acked: (id: number) => void;
  readonly after: () => Promise<unknown>;
}

async function write({ queue, firstId, most, fsync, acked, after }: Writing): Promise<void> {
  let id = firstId;
  for (;;) {
    const before = id;
    for (let i = 0; i < 5 && id - firstId < most; i++) {
      queue.append(writerFrame(id++));
      if (!fsync) acked(id - 1);
    }
    if (fsync) {
      await queue.synced();
      for (let done = before; done < id; done++) acked(done);
    }
    await after();
    await turn();
  }
}

async function deliver(queue: FrameQueue, delivered: (id: number) => void): Promise<void> {
  const taken = await Promise.all([queue.take(), queue.take(), queue.take(), queue.take(), queue.take()]);
  for (const [index, frame] of taken.entries()) {
    if (frame === undefined) continue;
    if (index === 2) queue.putBack(frame);
    else {
      delivered(Buffer.from(frame.body).readUInt32LE());
      queue.settle(frame);
    }
  }
}
