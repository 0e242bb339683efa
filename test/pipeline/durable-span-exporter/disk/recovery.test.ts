import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { deadProcess, filesIn, frame, idsOf, open, scratch, segmentsIn } from "./spool.ts";

const FRAME = 100;

/** A store of a process that died: frames of 100 bytes, 0 to 9, each with two spans, in one segment. */
function deadStore(): { readonly directory: string; readonly segment: string } {
  const directory = scratch();
  const { queue } = open(directory, { identity: deadProcess() });
  for (let id = 0; id < 10; id++) queue.append(frame(id, { bytes: FRAME - 40, spans: 2 }));
  return { directory, segment: segmentsIn(directory)[0]! };
}

function change(path: string, edit: (bytes: Buffer) => Buffer): void {
  writeFileSync(path, edit(readFileSync(path)));
}

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

const without = (...ids: number[]) => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((id) => !ids.includes(id));

describe("opening what a dead process has left", () => {
  it("gives all of it", async () => {
    const { directory } = deadStore();
    const { queue, tally } = open(directory);
    expect(tally.found).toEqual({ frames: 10, spans: 20 });
    expect(queue.size).toEqual({ frames: 10, spans: 20, bytes: 1_000, oldestMs: 1_000 });
    expect(await idsOf(queue)).toEqual(without());
  });

  it.each([
    ["a damaged body", (bytes: Buffer) => flip(bytes, 3 * FRAME + 50), [3]],
    ["a damaged header", (bytes: Buffer) => flip(bytes, 3 * FRAME + 12), [3]],
    ["two damaged headers in a row", (bytes: Buffer) => flip(flip(bytes, 3 * FRAME), 4 * FRAME), [3, 4]],
    ["a sector of zeros", (bytes: Buffer) => bytes.fill(0, 3 * FRAME - 10, 6 * FRAME), [2, 3, 4, 5]],
    [
      "bytes that are missing",
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 350), bytes.subarray(360)]),
      [3],
    ],
    [
      "bytes that were added",
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 350), bytes]).fill(7, 350, 700),
      [3],
    ],
    ["a torn tail", (bytes: Buffer) => bytes.subarray(0, 960), [9]],
  ])("passes over %s, and counts its frames and spans", async (_, edit, damaged) => {
    const { directory, segment } = deadStore();
    change(segment, edit);
    const { queue, tally } = open(directory);
    const ids = await idsOf(queue);
    expect(ids).toEqual(without(...damaged));
    expect(tally.corrupted).toEqual({ frames: damaged.length, spans: 2 * damaged.length });
    expect(tally.found.spans).toBe(2 * ids.length + tally.corrupted.spans);
  });

  it("counts a tail that was cut within its header as a frame, with no spans that it could know of", async () => {
    const { directory, segment } = deadStore();
    truncateSync(segment, 930);
    const { queue, tally } = open(directory);
    expect(await idsOf(queue)).toEqual(without(9));
    expect(tally.corrupted).toEqual({ frames: 1, spans: 0 });
  });

  it("sets the damaged bytes aside, for their owner only", async () => {
    const { directory, segment } = deadStore();
    const damaged = flip(readFileSync(segment), 3 * FRAME + 50);
    writeFileSync(segment, damaged);
    await idsOf(open(directory).queue);
    const kept = filesIn(join(directory, "quarantine"));
    expect(kept).toHaveLength(1);
    expect(statSync(join(directory, "quarantine", kept[0]!)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(directory, "quarantine", kept[0]!))).toEqual(
      damaged.subarray(3 * FRAME, 4 * FRAME),
    );
  });

  it("keeps at most 16 files in quarantine", async () => {
    const directory = scratch();
    const { queue } = open(directory, { segmentBytes: 1, identity: deadProcess() });
    for (let id = 0; id < 20; id++) queue.append(frame(id));
    for (const segment of segmentsIn(directory)) change(segment, (bytes) => flip(bytes, 50));
    await idsOf(open(directory).queue);
    expect(readdirSync(join(directory, "quarantine"))).toHaveLength(16);
  });

  it.each([
    ["no cursor", (path: string) => rmSync(path)],
    ["an empty cursor", (path: string) => writeFileSync(path, "")],
    [
      "a damaged cursor that still reads well",
      (path: string) => change(path, (bytes) => Buffer.from(bytes.toString().replace('"seq":1', '"seq":2'))),
    ],
    ["a cursor of nonsense", (path: string) => writeFileSync(path, Buffer.alloc(100, 0xff))],
  ])("starts from the beginning with %s", async (_, edit) => {
    const directory = scratch();
    const dead = open(directory, { identity: deadProcess() });
    for (let id = 0; id < 3; id++) dead.queue.append(frame(id));
    dead.queue.settle((await dead.queue.take())!);
    edit(join(dirname(segmentsIn(directory)[0]!), "cursor"));
    expect(await idsOf(open(directory).queue)).toEqual([0, 1, 2]);
  });

  it("starts behind what was settled", async () => {
    const directory = scratch();
    const dead = open(directory, { identity: deadProcess() });
    for (let id = 0; id < 3; id++) dead.queue.append(frame(id));
    dead.queue.settle((await dead.queue.take())!);
    expect(await idsOf(open(directory).queue)).toEqual([1, 2]);
  });

  it.each([
    ["no owner file", (path: string) => rmSync(path)],
    ["an empty owner file", (path: string) => writeFileSync(path, "")],
    ["an owner file of nonsense", (path: string) => writeFileSync(path, "{{{")],
  ])("opens with %s", async (_, edit) => {
    const { directory, segment } = deadStore();
    edit(join(dirname(segment), "owner.json"));
    expect(await idsOf(open(directory).queue)).toEqual(without());
  });

  it.each([
    ["a directory", (path: string) => mkdirSync(path)],
    ["a symbolic link", (path: string) => symlinkSync("/etc/hostname", path)],
    ["a link to itself", (path: string) => symlinkSync(path, path)],
  ])("sets aside %s in the place of a segment, and gives the others", async (_, make) => {
    const { directory, segment } = deadStore();
    make(`${segment.slice(0, -4)}-more.seg`);
    const { queue, tally } = open(directory);
    expect(await idsOf(queue)).toEqual(without());
    expect(tally.corrupted.frames).toBe(1);
    expect(readdirSync(join(directory, "quarantine"))).toHaveLength(1);
  });

  it("leaves other things in the directory alone", () => {
    const directory = scratch();
    writeFileSync(join(directory, "mine.txt"), "");
    mkdirSync(join(directory, "live-or-so"));
    open(directory);
    expect(readdirSync(directory)).toEqual(expect.arrayContaining(["live-or-so", "mine.txt"]));
  });

  it("reads on behind garbage that stands before the end", async () => {
    const { directory, segment } = deadStore();
    appendFileSync(segment, "garbage");
    const { queue, tally } = open(directory);
    expect(await idsOf(queue)).toEqual(without());
    expect(tally.corrupted).toEqual({ frames: 1, spans: 0 });
  });

  it("tells of the same damage once", async () => {
    const { directory, segment } = deadStore();
    change(segment, (bytes) => flip(bytes, 3 * FRAME + 50));
    const first = open(directory);
    await idsOf(first.queue);
    await first.queue.close();
    const second = open(directory);
    expect(await idsOf(second.queue)).toEqual(without(3));
    expect(second.tally.corrupted.frames).toBe(0);
  });
});
