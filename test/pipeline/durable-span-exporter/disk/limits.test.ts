import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../../../../src/testing/manual-clock.ts";
import { deadProcess, frame, idsOf, open, scratch, segmentsIn, takeAll } from "./spool.ts";

/** Two frames of 100 bytes in each segment, and eight segments. */
const LIMITS = { maxBytes: 1_600, segmentBytes: 200 };
const hundred = (id: number, spans = 1) => frame(id, { bytes: 60, spans });

describe("maxBytes", () => {
  it("with drop_oldest gives up the oldest segment, and counts its spans", async () => {
    const { queue, tally } = open(scratch(), LIMITS);
    for (let id = 0; id < 17; id++) queue.append(hundred(id, id + 1));
    expect(Object.fromEntries(tally.drops)).toEqual({ queue_full: 1 + 2 });
    expect((await idsOf(queue))[0]).toBe(2);
  });

  it("never gives up more than an eighth for one frame, however large segments may be", () => {
    const { queue, tally } = open(scratch(), { maxBytes: 1_600, segmentBytes: 8_000 });
    for (let id = 0; id < 17; id++) queue.append(hundred(id));
    expect(Object.fromEntries(tally.drops)).toEqual({ queue_full: 2 });
  });

  it("with drop_newest refuses the new frame", async () => {
    const { queue, tally } = open(scratch(), { ...LIMITS, policy: "drop_newest" });
    for (let id = 0; id < 17; id++) queue.append(hundred(id, id + 1));
    expect(Object.fromEntries(tally.drops)).toEqual({ queue_full: 17 });
    expect(await idsOf(queue)).toHaveLength(16);
  });

  it("leaves frames alone that are handed out", async () => {
    const { queue, tally } = open(scratch(), LIMITS);
    for (let id = 0; id < 16; id++) queue.append(hundred(id));
    const first = await queue.take();
    queue.append(hundred(16));
    expect(Object.fromEntries(tally.drops)).toEqual({ queue_full: 1 });
    queue.putBack(first!);
    expect((await idsOf(queue)).slice(0, 2)).toEqual([0, 2]);
  });

  it("gives up the next segment where all of the oldest is handed out", async () => {
    const { queue, tally } = open(scratch(), LIMITS);
    for (let id = 0; id < 16; id++) queue.append(hundred(id));
    await queue.take();
    await queue.take();
    queue.append(hundred(16));
    expect(Object.fromEntries(tally.drops)).toEqual({ queue_full: 2 });
    expect((await idsOf(queue))[0]).toBe(4);
  });

  it("refuses the new frame where all others are handed out", async () => {
    const { queue, tally } = open(scratch(), LIMITS);
    for (let id = 0; id < 16; id++) queue.append(hundred(id));
    await takeAll(queue);
    queue.append(hundred(16, 9));
    expect(Object.fromEntries(tally.drops)).toEqual({ queue_full: 9 });
  });

  it("drops a frame that is larger than all of it, and no other", () => {
    const { queue, tally } = open(scratch(), LIMITS);
    queue.append(hundred(0));
    queue.append(frame(1, { bytes: 1_600, spans: 5 }));
    expect(Object.fromEntries(tally.drops)).toEqual({ too_large: 5 });
    expect(queue.size.frames).toBe(1);
  });

  it("counts what was adopted", () => {
    const directory = scratch();
    const dead = open(directory, { identity: deadProcess() });
    for (let id = 0; id < 32; id++) dead.queue.append(hundred(id));
    const { queue, tally } = open(directory, LIMITS);
    expect(tally.found.frames).toBe(32);
    expect(tally.drops.get("queue_full")).toBeGreaterThanOrEqual(16);
    expect(tally.droppedSpans + queue.size.spans).toBe(32);
    expect(queue.size.bytes).toBeLessThanOrEqual(1_600);
  });

  it("counts nothing against a new frame that was delivered, whatever the policy", async () => {
    const { queue, tally } = open(scratch(), { ...LIMITS, policy: "drop_newest" });
    queue.append(hundred(0));
    queue.settle((await queue.take())!);
    queue.append(frame(1, { bytes: 1_540 }));
    expect(tally.droppedSpans).toBe(0);
  });

  it("gives up nothing where only delivered frames take the room", async () => {
    const { queue, tally } = open(scratch(), { maxBytes: 400, segmentBytes: 400 });
    for (let id = 0; id < 20; id++) {
      queue.append(hundred(id));
      queue.settle((await queue.take())!);
    }
    expect(tally.droppedSpans).toBe(0);
  });
});

describe("minFreeBytes", () => {
  const ALL = Number.MAX_SAFE_INTEGER;

  it("refuses frames below the floor, as disk_full", () => {
    const { queue, tally } = open(scratch(), { minFreeBytes: ALL, policy: "drop_newest" });
    queue.append(frame(1, { spans: 4 }));
    expect(Object.fromEntries(tally.drops)).toEqual({ disk_full: 4 });
  });

  it("with drop_oldest gives up no more than the new frames need", async () => {
    const directory = scratch();
    const dead = open(directory, { ...LIMITS, identity: deadProcess() });
    for (let id = 0; id < 16; id++) dead.queue.append(hundred(id));
    const { queue, tally } = open(directory, { maxBytes: 16_000, segmentBytes: 200, minFreeBytes: ALL });
    queue.append(hundred(16));
    queue.append(hundred(17));
    expect(Object.fromEntries(tally.drops)).toEqual({ disk_full: 2 });
    expect(await idsOf(queue)).toHaveLength(16);
  });
});

describe("a directory that somebody deletes", () => {
  it("is made again within a second, and what was in the newest segment is still given", async () => {
    const directory = scratch();
    const clock = new ManualClock();
    const { queue, tally } = open(directory, { clock });
    queue.append(frame(1));
    rmSync(directory, { recursive: true });
    clock.advance(1_000);
    queue.append(frame(2));
    expect(segmentsIn(directory)).toHaveLength(1);
    expect(await idsOf(queue)).toEqual([1, 2]);
    expect(tally.droppedSpans).toBe(0);
  });

  it("is made again at once where a segment has to be made", async () => {
    const directory = scratch();
    const { queue } = open(directory, { clock: new ManualClock(), segmentBytes: 50 });
    queue.append(frame(1));
    rmSync(directory, { recursive: true });
    queue.append(frame(2));
    expect(await idsOf(queue)).toEqual([2]);
  });

  it("counts frames that were deleted with it as corrupt", async () => {
    const directory = scratch();
    const { queue, tally } = open(directory, { segmentBytes: 50 });
    queue.append(frame(1, { spans: 3 }));
    queue.append(frame(2, { spans: 4 }));
    rmSync(directory, { recursive: true });
    expect(await queue.take()).toBeUndefined();
    expect(tally.corrupted).toEqual({ frames: 2, spans: 7 });
    expect(queue.size.spans).toBe(0);
  });
});
