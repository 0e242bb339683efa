import { describe, expect, it } from "vitest";
import { MemoryQueue } from "../../../src/pipeline/durable-span-exporter/memory-queue.ts";
import { SpoolCounts } from "../../../src/pipeline/durable-span-exporter/spool-counts.ts";
import { frame } from "./support.ts";

function setUp(maxBytes = 100) {
  const drops: [string, number][] = [];
  const counts = new SpoolCounts((reason, spans) => void drops.push([reason, spans]));
  return { queue: new MemoryQueue(maxBytes, counts), drops };
}

describe("the queue in memory", () => {
  it("gives frames in the order in which they came", async () => {
    const { queue } = setUp();
    queue.append(frame(1));
    queue.append(frame(2));
    expect([(await queue.take())?.spans, (await queue.take())?.spans]).toEqual([1, 2]);
  });

  it("gives a frame that comes back in its old place", async () => {
    const { queue } = setUp();
    for (const spans of [1, 2, 3]) queue.append(frame(spans));
    const first = await queue.take();
    await queue.take();
    if (first !== undefined) queue.putBack(first);
    expect([(await queue.take())?.spans, (await queue.take())?.spans]).toEqual([1, 3]);
  });

  it("gives nothing when all is handed out", async () => {
    const { queue } = setUp();
    queue.append(frame());
    await queue.take();
    expect(await queue.take()).toBeUndefined();
  });

  it("drops the oldest beyond its bytes, and counts their spans", async () => {
    const { queue, drops } = setUp(100);
    for (const spans of [1, 2, 3]) queue.append(frame(spans, 40));
    expect(drops).toEqual([["queue_full", 1]]);
    expect((await queue.take())?.spans).toBe(2);
  });

  it("does not drop what is on its way", async () => {
    const { queue, drops } = setUp(100);
    queue.append(frame(1, 40));
    await queue.take();
    for (const spans of [2, 3]) queue.append(frame(spans, 40));
    expect(drops).toEqual([["queue_full", 2]]);
  });

  it("drops a frame that is larger than all of it", () => {
    const { queue, drops } = setUp(100);
    queue.append(frame(7, 101));
    expect(drops).toEqual([["queue_full", 7]]);
    expect(queue.size).toEqual({ frames: 0, spans: 0, bytes: 0, oldestMs: undefined });
  });

  it("counts what is left when it is closed, once", async () => {
    const { queue, drops } = setUp();
    queue.append(frame(4));
    await queue.close();
    queue.closeSync();
    expect(drops).toEqual([["shutdown", 4]]);
  });

  it("counts what comes after it is closed", async () => {
    const { queue, drops } = setUp();
    await queue.close();
    queue.append(frame(4));
    expect(drops).toEqual([["shutdown", 4]]);
  });
});
