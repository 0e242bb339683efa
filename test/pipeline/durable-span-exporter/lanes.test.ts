import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FrameLane, LanedQueue } from "../../../src/pipeline/durable-span-exporter/frame-queue.ts";
import { MemoryQueue } from "../../../src/pipeline/durable-span-exporter/memory-queue.ts";
import { deadProcess, frame, idOf, open, openUnmanaged, scratch, Tally } from "./disk/spool.ts";

async function idsIn(lane: FrameLane): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let next = await lane.take(); next !== undefined; next = await lane.take()) ids.push(idOf(next));
  return ids;
}

describe.each<[string, () => LanedQueue]>([
  ["in memory", () => new MemoryQueue(2 ** 26, new Tally())],
  ["on disk", () => open(scratch()).queue as LanedQueue],
])("lanes of a queue %s", (_, make) => {
  it("are each read in their own order, and none waits for another", async () => {
    const queue = make();
    for (let id = 0; id < 30; id++) queue.lane(id % 3).append(frame(id));
    for (const lane of [2, 0, 1]) {
      const expected = Array.from({ length: 10 }, (_, i) => i * 3 + lane);
      expect(await idsIn(queue.lane(lane))).toEqual(expected);
    }
  });

  it("tell their own size, and the queue that of all", async () => {
    const queue = make();
    queue.lane(1).append(frame(1, { spans: 5 }));
    queue.append(frame(2, { spans: 3 }));
    const taken = await queue.lane(1).take();
    expect([queue.lane(0).size.spans, queue.lane(1).size.spans, queue.lane(2).size.spans]).toEqual([3, 5, 0]);
    expect(queue.size).toMatchObject({ frames: 2, spans: 8 });
    queue.lane(1).settle(taken!);
    expect(queue.lane(1).size).toMatchObject({ frames: 0, spans: 0, bytes: 0 });
    expect(queue.size).toMatchObject({ frames: 1, spans: 3 });
  });

  it("give again what was put back, before what is newer", async () => {
    const lane = make().lane(4);
    for (const id of [1, 2]) lane.append(frame(id));
    lane.putBack((await lane.take())!);
    expect(await idsIn(lane)).toEqual([1, 2]);
  });
});

describe("lanes on disk", () => {
  it("are all in lane 0 of the next process, without what was settled", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ lane: fc.nat(3), settle: fc.boolean() }), { maxLength: 40 }),
        async (steps) => {
          const directory = scratch();
          const earlier = openUnmanaged(directory, { identity: deadProcess() }).queue as LanedQueue;
          const settled = new Set<number>();
          for (const [id, { lane, settle }] of steps.entries()) {
            earlier.lane(lane).append(frame(id));
            const taken = settle ? await earlier.lane(lane).take() : undefined;
            if (taken === undefined) continue;
            earlier.settle(taken);
            settled.add(idOf(taken));
          }
          earlier.closeSync();
          const { queue, tally } = openUnmanaged(directory);
          const left = (await idsIn(queue as LanedQueue)).toSorted((a, b) => a - b);
          expect(left).toEqual([...steps.keys()].filter((id) => !settled.has(id)));
          expect(tally.corrupted.frames).toBe(0);
          queue.closeSync();
        },
      ),
      { numRuns: 30 },
    );
  });

  it("share one bound: the oldest file goes first, whichever lane it is of", async () => {
    const { queue, tally } = open(scratch(), { maxBytes: 64 * 1_024, segmentBytes: 8 * 1_024 });
    const lanes = [(queue as LanedQueue).lane(1), (queue as LanedQueue).lane(2)];
    for (let id = 0; id < 100; id++) lanes[0]!.append(frame(id, { bytes: 500 }));
    for (let id = 100; id < 220; id++) lanes[1]!.append(frame(id, { bytes: 500 }));
    expect(queue.size.bytes).toBeLessThanOrEqual(64 * 1_024);
    expect(tally.drops.get("queue_full")).toBe(220 - queue.size.frames);
    expect(lanes[1]!.size.frames).toBe(120);
    expect(lanes[0]!.size.frames).toBeLessThan(20);
  });
});
