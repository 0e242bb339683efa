// Makes stores, damages them at random, opens them, and compares what comes out with what was left whole.
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCursor } from "../../../src/pipeline/durable-span-exporter/disk/cursor-file.ts";
import type { DiskQueueOptions } from "../../../src/pipeline/durable-span-exporter/disk/disk-queue-options.ts";
import {
  decodeHeader,
  frameBytes,
  HEADER_BYTES,
} from "../../../src/pipeline/durable-span-exporter/disk/frame-header.ts";
import { openDiskQueue } from "../../../src/pipeline/durable-span-exporter/disk/open-disk-queue.ts";
import type { SegmentPosition } from "../../../src/pipeline/durable-span-exporter/disk/segment.ts";
import type { FrameQueue, QueueListener } from "../../../src/pipeline/durable-span-exporter/frame-queue.ts";
import { deadProcess, frame, idOf, Tally } from "../../pipeline/durable-span-exporter/disk/spool.ts";

export interface Report {
  readonly seed: number;
  readonly corruptions: number;
  readonly stores: number;
  /** A take that rejects, or a queue that never ends. */
  readonly crashes: number;
  readonly refusals: number;
  readonly recovered: number;
  /** Undamaged, not settled, and not given. */
  readonly missing: number;
  /** Given, and not what was appended; or not in order; or twice. */
  readonly wrong: number;
  readonly damaged: number;
  readonly counted: number;
  /** Stores where found = taken + corrupt did not hold, in frames or in spans. */
  readonly lawBroken: number;
  /** Stores that had something again when they were opened once more. */
  readonly leftBehind: number;
}

type Open = (options: DiskQueueOptions, listener: QueueListener) => FrameQueue;
type Random = (below: number) => number;

interface StoredFrame {
  readonly id: number;
  readonly seq: number;
  readonly spans: number;
  readonly bytes: Buffer;
}

interface Store {
  readonly directory: string;
  /** Of the owner, relative. */
  readonly owner: string;
  readonly segments: ReadonlyMap<string, readonly StoredFrame[]>;
}

const FRAMES = 60;
const SETTLED = [0, 2, 4, 5];

export async function runCorruptions(
  corruptions: number,
  open: Open,
  seed = Date.now() % 2 ** 31,
): Promise<Report> {
  const random = randomFrom(seed);
  const scratch = mkdtempSync(join(fastDirectory(), "agent-otel-corruption-"));
  const report = { seed, corruptions: 0, stores: 0, crashes: 0, refusals: 0, recovered: 0, missing: 0 };
  const more = { wrong: 0, damaged: 0, counted: 0, lawBroken: 0, leftBehind: 0 };
  const total = { ...report, ...more };
  try {
    const templates = [
      await makeStore(join(scratch, "closed"), true),
      await makeStore(join(scratch, "killed"), false),
    ];
    while (total.corruptions < corruptions) {
      const template = templates[random(2)]!;
      const directory = join(scratch, "store");
      cpSync(template.directory, directory, { recursive: true });
      const times = Math.min(1 + random(4), corruptions - total.corruptions);
      for (let i = 0; i < times; i++) damage(join(directory, template.owner), random);
      total.corruptions += times;
      total.stores += 1;
      await judge({ ...template, directory }, open, total);
      rmSync(directory, { recursive: true });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return total;
}

async function makeStore(directory: string, closed: boolean): Promise<Store> {
  const first = `${directory}-first`;
  const queue = openDiskQueue(options(first), new Tally());
  for (let id = 0; id < FRAMES; id++)
    queue.append(frame(id, { spans: 1 + (id % 7), bytes: (id * 37) % 400 }));
  for (let id = 0; id < 8; id++) {
    const taken = (await queue.take())!;
    if (SETTLED.includes(id)) queue.settle(taken);
  }
  if (closed) queue.closeSync();
  cpSync(first, directory, { recursive: true });
  queue.closeSync();
  const owner = readdirSync(directory)[0]!;
  const names = readdirSync(join(directory, owner)).filter((name) => name.endsWith(".seg"));
  const segments = new Map(names.map((name) => [name, framesOf(readFileSync(join(directory, owner, name)))]));
  return { directory, owner, segments };
}

function options(directory: string): DiskQueueOptions {
  const limits = { maxBytes: 2 ** 24, minFreeBytes: 0, segmentBytes: 4_096 };
  return { directory, durability: "none", ...limits, identity: deadProcess() };
}

function framesOf(bytes: Buffer): readonly StoredFrame[] {
  const frames: StoredFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = decodeHeader(bytes, at)!;
    const whole = bytes.subarray(at, at + frameBytes(header));
    frames.push({ id: whole.readUInt32LE(HEADER_BYTES), seq: header.seq, spans: header.spans, bytes: whole });
    at += whole.length;
  }
  return frames;
}

function damage(owner: string, random: Random): void {
  const names = readdirSync(owner);
  // Mostly segments, since there is most to lose.
  const segments = names.filter((name) => name.endsWith(".seg"));
  const name = random(5) > 0 ? segments[random(segments.length)] : names[random(names.length)];
  if (name === undefined) return;
  const path = join(owner, name);
  const kind = random(40);
  if (kind < KINDS_OF_OBJECT.length) {
    rmSync(path, { recursive: true });
    KINDS_OF_OBJECT[kind]?.(path);
    return;
  }
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return;
  }
  rmSync(path, { recursive: true });
  writeFileSync(path, damagedBytes(bytes, kind, random), { mode: 0o600 });
}

/** What may stand where a file was: nothing, a directory, a link. */
const KINDS_OF_OBJECT: readonly ((path: string) => void)[] = [
  () => {},
  (path) => mkdirSync(path),
  (path) => symlinkSync("/etc/hostname", path),
];

function damagedBytes(bytes: Buffer, kind: number, random: Random): Buffer {
  const at = random(bytes.length + 1);
  if (kind < 5) return Buffer.alloc(0);
  if (kind < 12) return bytes.subarray(0, at);
  if (kind < 18) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(300))]);
  if (kind < 24) return Buffer.concat([bytes.subarray(0, at), garbage(random), bytes.subarray(at)]);
  if (kind < 26) return garbage(random);
  const copy = Buffer.from(bytes);
  // One bit, or a whole block of zeros, as a disk that lost a sector.
  if (kind < 29) return copy.fill(0, at, Math.min(at + 512, copy.length));
  if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
  return copy;
}

function garbage(random: Random): Buffer {
  return Buffer.from(Array.from({ length: 1 + random(300) }, () => random(256)));
}

async function judge(store: Store, open: Open, total: Mutable<Report>): Promise<void> {
  const expected = expectation(store);
  const tally = new Tally();
  const taken = await takeAll(store.directory, open, tally, total);
  if (taken === undefined) return;
  total.recovered += taken.length;
  total.missing += expected.whole.filter(({ id }) => !taken.some((each) => each.id === id)).length;
  const allowed = new Map(expected.whole.map((each) => [each.id, each]));
  total.wrong += taken.filter(
    ({ id, body }, index) =>
      (taken[index - 1]?.id ?? -1) >= id || !allowed.get(id)?.bytes.subarray(HEADER_BYTES).equals(body),
  ).length;
  total.damaged += expected.damaged;
  total.counted += tally.corrupted.frames;
  const spans = taken.reduce((sum, each) => sum + each.spans, 0);
  const framesHold = tally.found.frames === taken.length + tally.corrupted.frames;
  if (!framesHold || tally.found.spans !== spans + tally.corrupted.spans) total.lawBroken += 1;
  const again = new Tally();
  await takeAll(store.directory, open, again, total);
  if (again.found.frames + again.corrupted.frames > 0) total.leftBehind += 1;
}

/** In memory where there is such a place: it is about what is read, not about the disk. */
function fastDirectory(): string {
  return existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Taken {
  readonly id: number;
  readonly spans: number;
  readonly body: Buffer;
}

async function takeAll(
  directory: string,
  open: Open,
  tally: Tally,
  total: Mutable<Report>,
): Promise<readonly Taken[] | undefined> {
  let queue: FrameQueue;
  try {
    queue = open(options(directory), tally);
  } catch {
    total.refusals += 1;
    return undefined;
  }
  const taken: Taken[] = [];
  try {
    for (let next = await queue.take(); next !== undefined; next = await queue.take()) {
      const body = Buffer.from(next.body);
      taken.push({ id: body.length < 4 ? -1 : idOf(next), spans: next.spans, body });
      queue.settle(next);
      if (taken.length > 10 * FRAMES) throw new Error("it does not end");
    }
    await queue.close();
    return taken;
  } catch {
    total.crashes += 1;
    queue.closeSync();
    return undefined;
  }
}

interface Expectation {
  /** Must come, and nothing else. */
  readonly whole: readonly StoredFrame[];
  /** Of which the files still say that there was a frame. */
  readonly damaged: number;
}

function expectation({ directory, owner, segments }: Store): Expectation {
  const path = join(directory, owner);
  const cursor = readCursor(path);
  const whole: StoredFrame[] = [];
  let damaged = 0;
  for (const [name, all] of segments) {
    const bytes = contentOf(join(path, name));
    if (bytes === undefined) continue;
    if (bytes === "unreadable") damaged += 1;
    else {
      const position = cursor.get(name) ?? { readAt: 0, seq: 0, spansBefore: 0, pending: [] };
      const pending = new Set(position.pending.map(([, seq]) => seq));
      const unsettled = all.filter(({ seq }) => seq >= position.seq || pending.has(seq));
      const found = unsettled.filter((each) => bytes.includes(each.bytes));
      whole.push(...found);
      damaged += pending.size + visibleUnread(bytes, all, position) - found.length;
    }
  }
  return { whole, damaged };
}

/** Frames that a reader can know of: up to the last header that is whole, and what stands behind it. */
function visibleUnread(bytes: Buffer, all: readonly StoredFrame[], { seq, readAt }: SegmentPosition): number {
  const last = all.findLast((each) => bytes.includes(each.bytes.subarray(0, HEADER_BYTES)));
  const end =
    last === undefined ? 0 : bytes.indexOf(last.bytes.subarray(0, HEADER_BYTES)) + last.bytes.length;
  if (last !== undefined && last.seq >= seq) return last.seq + 1 - seq + (end < bytes.length ? 1 : 0);
  return Math.max(end, readAt) < bytes.length ? 1 : 0;
}

function contentOf(path: string): Buffer | "unreadable" | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  return stat.isFile() ? readFileSync(path) : "unreadable";
}

/** xorshift32: the same seed gives the same run. */
function randomFrom(seed: number): Random {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
