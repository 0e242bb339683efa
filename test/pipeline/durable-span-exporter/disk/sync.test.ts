import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Segment } from "../../../../src/pipeline/durable-span-exporter/disk/segment.ts";
import { SegmentFile } from "../../../../src/pipeline/durable-span-exporter/disk/segment-file.ts";
import { Syncer } from "../../../../src/pipeline/durable-span-exporter/disk/syncer.ts";
import { frame, open, scratch } from "./spool.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** A real file that counts how often it was asked for: once when it becomes dirty, and once for each sync. */
class CountingFile extends SegmentFile {
  acquired = 0;

  override acquire(): number {
    this.acquired += 1;
    return super.acquire();
  }
}

function written(durability: "none" | "interval" | "fsync") {
  const directory = scratch();
  const { path } = SegmentFile.create(join(directory, "1.seg"));
  const file = new CountingFile(path);
  const segment = new Segment("1.seg", file);
  const syncer = new Syncer({ durability, directory: () => directory, onFailed: () => {} });
  return { syncer, segment, syncs: () => file.acquired - 1 };
}

describe("syncing", () => {
  it("is shared by all who wait", async () => {
    const { syncer, segment, syncs } = written("fsync");
    syncer.wrote(segment);
    await Promise.all([syncer.flush(), syncer.flush(), syncer.flush()]);
    expect(syncs()).toBe(1);
  });

  it("begins anew for what was written while one was under way", async () => {
    const { syncer, segment, syncs } = written("fsync");
    syncer.wrote(segment);
    const first = syncer.flush();
    await Promise.resolve();
    syncer.wrote(segment);
    await Promise.all([first, syncer.flush()]);
    // Each becoming dirty asks for the file too.
    expect(syncs()).toBe(3);
  });

  it("comes within 500 ms of the first append with interval, once for all of them", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { syncer, segment, syncs } = written("interval");
    syncer.wrote(segment);
    await vi.advanceTimersByTimeAsync(499);
    syncer.wrote(segment);
    expect(syncs()).toBe(0);
    vi.advanceTimersByTime(1);
    await syncer.flush();
    expect(syncs()).toBe(1);
  });

  it("does not come with none", async () => {
    const { syncer, segment, syncs } = written("none");
    syncer.wrote(segment);
    await syncer.flush();
    expect(syncs()).toBe(-1);
  });

  it("at once includes what is under way", async () => {
    const { syncer, segment, syncs } = written("fsync");
    syncer.wrote(segment);
    const under = syncer.flush();
    await Promise.resolve();
    const before = syncs();
    syncer.flushSync();
    expect(syncs()).toBe(before + 1);
    await under;
  });

  it("rejects nothing where it fails, and tells of the file", async () => {
    const directory = scratch();
    const failed: Segment[] = [];
    const onFailed = (segment: Segment) => void failed.push(segment);
    const syncer = new Syncer({ durability: "fsync", directory: () => directory, onFailed });
    const segment = new Segment("1.seg", SegmentFile.create(join(directory, "1.seg")));
    syncer.wrote(segment);
    const { closeSync } = process.getBuiltinModule("node:fs");
    closeSync(segment.file.acquire());
    await syncer.flush();
    expect(failed).toEqual([segment]);
  });
});

describe("synced()", () => {
  it.each(["none", "interval", "fsync"] as const)(
    "resolves with %s, also where nothing was appended",
    async (durability) => {
      const { queue } = open(scratch(), { durability });
      await queue.synced();
      queue.append(frame(1));
      await queue.synced();
      expect(queue.size.frames).toBe(1);
    },
  );
});
