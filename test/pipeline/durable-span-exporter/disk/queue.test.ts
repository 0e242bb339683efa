import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deadProcess, filesIn, frame, idOf, idsOf, open, scratch, segmentsIn, takeAll } from "./spool.ts";

describe("a queue on disk", () => {
  it("gives frames as they were appended, oldest first", async () => {
    const { queue } = open(scratch());
    const frames = [1, 2, 3].map((id) => frame(id, { spans: id, bytes: 1_000 * id }));
    for (const each of frames) queue.append(each);
    expect(await takeAll(queue)).toEqual(frames);
  });

  it("keeps an empty body too", async () => {
    const { queue } = open(scratch());
    const empty = { body: Buffer.alloc(0), gzip: false, spans: 3, createdMs: 5 };
    queue.append(empty);
    expect(await queue.take()).toEqual(empty);
  });

  it("has written a frame when append returns", () => {
    const directory = scratch();
    const { queue } = open(directory);
    queue.append(frame(1, { bytes: 1_000 }));
    expect(statSync(segmentsIn(directory)[0]!).size).toBe(1_040);
  });

  it("gives each frame once where several ask at the same time", async () => {
    const { queue } = open(scratch());
    for (const id of [1, 2, 3]) queue.append(frame(id));
    const taken = await Promise.all([queue.take(), queue.take(), queue.take(), queue.take()]);
    expect(taken.map((each) => each && idOf(each))).toEqual([1, 2, 3, undefined]);
  });

  it("gives a frame that is put back in its old place", async () => {
    const { queue } = open(scratch());
    for (const id of [1, 2, 3]) queue.append(frame(id));
    const [first, second] = [await queue.take(), await queue.take()];
    queue.putBack(second!);
    queue.putBack(first!);
    expect(await idsOf(queue)).toEqual([1, 2, 3]);
  });

  it("counts what is handed out until it is settled", async () => {
    const { queue } = open(scratch());
    queue.append(frame(1, { spans: 5, bytes: 60 }));
    const taken = await queue.take();
    expect(queue.size).toEqual({ frames: 1, spans: 5, bytes: 100, oldestMs: 1_001 });
    queue.settle(taken!);
    expect(queue.size).toEqual({ frames: 0, spans: 0, bytes: 0, oldestMs: undefined });
  });

  it("deletes a segment when all of it is settled, whatever the order", async () => {
    const directory = scratch();
    const { queue } = open(directory, { segmentBytes: 100 });
    for (const id of [1, 2, 3, 4]) queue.append(frame(id, { bytes: 20 }));
    const taken = await takeAll(queue);
    expect(segmentsIn(directory)).toHaveLength(2);
    for (const each of taken.toReversed()) queue.settle(each);
    expect(segmentsIn(directory)).toEqual([]);
  });

  it("deletes the newest segment before it is full where all that it has was delivered", async () => {
    const directory = scratch();
    const { queue } = open(directory);
    queue.append(frame(1, { bytes: 2 ** 20 }));
    queue.settle((await queue.take())!);
    expect(segmentsIn(directory)).toEqual([]);
  });

  it("ignores a frame that it did not hand out", () => {
    const { queue } = open(scratch());
    queue.append(frame(1));
    queue.settle(frame(1));
    queue.putBack(frame(1));
    expect(queue.size.frames).toBe(1);
  });

  it("makes files and directories that nobody else can read", () => {
    const directory = join(scratch(), "deep", "spool");
    const { queue } = open(directory);
    queue.append(frame(1));
    const owner = join(directory, filesIn(directory)[0]!, "..");
    expect([directory, owner].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
    const modes = filesIn(directory).map((path) => statSync(join(directory, path)).mode & 0o777);
    expect(new Set(modes)).toEqual(new Set([0o600]));
  });

  it("keeps nothing alive", () => {
    const before = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const { queue } = open(scratch(), { durability: "interval" });
    queue.append(frame(1));
    expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout")).toHaveLength(before);
  });
});

describe("closing", () => {
  it.each(["close", "closeSync"] as const)(
    "%s leaves what is not settled to the next queue, and nothing else",
    async (how) => {
      const directory = scratch();
      const first = open(directory, { durability: "interval" });
      for (const id of [1, 2, 3, 4]) first.queue.append(frame(id));
      const taken = [await first.queue.take(), await first.queue.take(), await first.queue.take()];
      first.queue.settle(taken[1]!);
      await first.queue[how]();
      const second = open(directory);
      expect(second.tally.found).toEqual({ frames: 3, spans: 3 });
      expect(await idsOf(second.queue)).toEqual([1, 3, 4]);
    },
  );

  it("leaves nothing behind where all is settled", async () => {
    const directory = scratch();
    const { queue } = open(directory);
    queue.append(frame(1));
    queue.settle((await queue.take())!);
    await queue.close();
    expect(filesIn(directory)).toEqual([]);
  });

  it("may be done twice, and either way after the other", async () => {
    const { queue } = open(scratch());
    await Promise.all([queue.close(), queue.close()]);
    queue.closeSync();
    await queue.close();
    expect(queue.size.frames).toBe(0);
  });

  it("counts what is appended later as dropped", async () => {
    const { queue, tally } = open(scratch());
    queue.closeSync();
    queue.append(frame(1, { spans: 7 }));
    expect(Object.fromEntries(tally.drops)).toEqual({ shutdown: 7 });
    expect(await queue.take()).toBeUndefined();
  });

  it("lets go of every file, also where a read was under way", async () => {
    const { readdirSync } = await import("node:fs");
    const fds = () => readdirSync("/proc/self/fd").length;
    const directory = scratch();
    const before = fds();
    const { queue } = open(directory, { durability: "fsync", segmentBytes: 50, identity: deadProcess() });
    for (const id of [1, 2, 3]) queue.append(frame(id));
    const [reading, syncing] = [queue.take(), queue.synced()];
    queue.closeSync();
    await Promise.all([reading, syncing]);
    expect(fds()).toBe(before);
  });
});
