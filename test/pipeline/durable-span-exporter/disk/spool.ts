import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { DiskQueueOptions } from "../../../../src/pipeline/durable-span-exporter/disk/disk-queue-options.ts";
import { openDiskQueue } from "../../../../src/pipeline/durable-span-exporter/disk/open-disk-queue.ts";
import {
  type ProcessIdentity,
  thisProcess,
} from "../../../../src/pipeline/durable-span-exporter/disk/owner-identity.ts";
import type {
  DropReason,
  Frame,
  FrameQueue,
  QueueListener,
} from "../../../../src/pipeline/durable-span-exporter/frame-queue.ts";

/** Adds up what a queue tells of itself. */
export class Tally implements QueueListener {
  readonly drops = new Map<DropReason, number>();
  readonly corrupted = { frames: 0, spans: 0 };
  readonly found = { frames: 0, spans: 0 };

  dropped(reason: DropReason, spans: number): void {
    this.drops.set(reason, (this.drops.get(reason) ?? 0) + spans);
  }

  corrupt(frames: number, spans: number): void {
    this.corrupted.frames += frames;
    this.corrupted.spans += spans;
  }

  recovered(frames: number, spans: number): void {
    this.found.frames += frames;
    this.found.spans += spans;
  }

  get droppedSpans(): number {
    return [...this.drops.values()].reduce((sum, spans) => sum + spans, 0);
  }
}

/** A folder that is removed when the test is over. */
export function scratch(): string {
  const path = mkdtempSync(join(tmpdir(), "agent-otel-spool-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export interface Opened {
  readonly queue: FrameQueue;
  readonly tally: Tally;
}

/** Opens a queue that is closed when the test is over. */
export function open(directory: string, options: Partial<DiskQueueOptions> = {}): Opened {
  const opened = openUnmanaged(directory, options);
  onTestFinished(() => opened.queue.closeSync());
  return opened;
}

export function openUnmanaged(directory: string, options: Partial<DiskQueueOptions> = {}): Opened {
  const tally = new Tally();
  const defaults = { durability: "none", maxBytes: 64 * 2 ** 20, minFreeBytes: 0 } as const;
  return { queue: openDiskQueue({ directory, ...defaults, ...options }, tally), tally };
}

let started = 0;

/** A process of this machine that runs no longer, unlike all others that this gives. */
export function deadProcess(): ProcessIdentity {
  started += 1;
  return { ...thisProcess(), startTime: String(started) };
}

/** A frame that can be told from others. */
export function frame(id: number, { spans = 1, bytes = 16 } = {}): Frame {
  const body = Buffer.alloc(Math.max(bytes, 4), id % 251);
  body.writeUInt32LE(id);
  return { body, gzip: id % 2 === 0, spans, createdMs: 1_000 + id };
}

export function idOf({ body }: Frame): number {
  return Buffer.from(body).readUInt32LE();
}

/** Takes all that waits. */
export async function takeAll(queue: FrameQueue): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  for (let next = await queue.take(); next !== undefined; next = await queue.take()) frames.push(next);
  return frames;
}

export async function idsOf(queue: FrameQueue): Promise<readonly number[]> {
  return (await takeAll(queue)).map(idOf);
}

/** Paths below a directory, relative to it. */
export function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(directory, path)).isFile())
    .toSorted();
}

export function segmentsIn(directory: string): readonly string[] {
  return filesIn(directory)
    .filter((path) => path.endsWith(".seg"))
    .map((path) => join(directory, path));
}
