import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { DiskQueueOptions } from "../../src/pipeline/durable-span-exporter/disk/disk-queue-options.ts";
import type { FrameQueue } from "../../src/pipeline/durable-span-exporter/frame-queue.ts";
import { plainAppend } from "../naive/spool-plain-append.ts";
import { frame, idOf, openUnmanaged, type Tally } from "../pipeline/durable-span-exporter/disk/spool.ts";
import { run, whyNoMount, withTmpfs } from "./programs/spool-mount.ts";

const MIB = 2 ** 20;
const MOST_MS = 5_000;
const BODY_BYTES = 60_000;
const why = whyNoMount();
if (why !== undefined) console.warn(`SKIPPED: full disk and read-only file system: ${why}`);

const full: Partial<DiskQueueOptions> = { durability: "interval", segmentBytes: MIB };
const big = (id: number) => frame(id, { bytes: BODY_BYTES, spans: 3 });

/** How long it takes until a new frame is kept. */
async function resumedAfterMs(queue: FrameQueue, tally: Tally): Promise<number> {
  const from = performance.now();
  for (let id = 10_000; performance.now() - from < 2 * MOST_MS; id++) {
    const before = tally.droppedSpans;
    queue.append(big(id));
    if (tally.droppedSpans === before) break;
    await sleep(5);
  }
  return performance.now() - from;
}

async function drained(
  queue: FrameQueue,
): Promise<{ readonly ids: readonly number[]; readonly spans: number }> {
  const ids: number[] = [];
  let spans = 0;
  for (let next = await queue.take(); next !== undefined; next = await queue.take()) {
    ids.push(idOf(next));
    spans += next.spans;
    queue.settle(next);
  }
  return { ids, spans };
}

describe.skipIf(why !== undefined)(`a full disk${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  it.each(["drop_newest", "drop_oldest"] as const)(
    "with %s throws nothing, and every span is kept or counted",
    (policy) =>
      withTmpfs("8m", async (path) => {
        const { queue, tally } = openUnmanaged(join(path, "spool"), { ...full, policy });
        for (let id = 0; id < 500; id++) queue.append(big(id));
        const { ids, spans } = await drained(queue);
        console.log(
          `${policy}: 500 frames on a disk for 139: ${ids.length} kept, ${tally.droppedSpans / 3} dropped`,
        );
        expect(spans + tally.droppedSpans).toBe(1_500);
        expect([...tally.drops.keys()]).toEqual(["disk_full"]);
        expect(tally.corrupted.frames).toBe(0);
        expect(ids.length).toBeGreaterThan(100);
        expect(ids.at(policy === "drop_newest" ? 0 : -1)).toBe(policy === "drop_newest" ? 0 : 499);
        await queue.close();
      }),
  );

  it.each([0, MIB])(
    `resumes within ${MOST_MS} ms after space is back, with a floor of %d bytes`,
    (minFreeBytes) =>
      withTmpfs("8m", async (path) => {
        const filler = join(path, "filler");
        writeFileSync(filler, Buffer.alloc(4 * MIB));
        const { queue, tally } = openUnmanaged(join(path, "spool"), {
          ...full,
          policy: "drop_newest",
          minFreeBytes,
        });
        for (let id = 0; id < 200; id++) queue.append(big(id));
        expect(tally.drops.get("disk_full")).toBeGreaterThan(0);
        rmSync(filler);
        const tookMs = await resumedAfterMs(queue, tally);
        console.log(`resumed ${tookMs.toFixed(0)} ms after space was back (floor: ${minFreeBytes})`);
        expect(tookMs).toBeLessThan(MOST_MS);
        await queue.close();
      }),
  );

  it("leaves no half frame to the next process", () =>
    withTmpfs("2m", async (path) => {
      const first = openUnmanaged(join(path, "spool"), { ...full, policy: "drop_newest" });
      for (let id = 0; id < 100; id++) first.queue.append(big(id));
      const kept = first.queue.size.frames;
      await first.queue.close();
      const second = openUnmanaged(join(path, "spool"), full);
      expect((await drained(second.queue)).ids).toHaveLength(kept);
      expect(second.tally.corrupted.frames).toBe(0);
      await second.queue.close();
    }));

  it("would be seen: plain appending throws into the caller", () =>
    withTmpfs("1m", (path) => {
      const file = plainAppend(join(path, "naive"));
      try {
        expect(() => {
          for (let id = 0; id < 100; id++) file.append(big(id));
        }).toThrow("ENOSPC");
      } finally {
        file.close();
      }
    }));
});

describe.skipIf(why !== undefined)(
  `a read-only file system${why === undefined ? "" : ` (skipped: ${why})`}`,
  () => {
    it("is told at start by its code, so that the caller can go on in memory", () =>
      withTmpfs("1m", (path) => {
        run("mount", "-o", "remount,ro", path);
        expect(() => openUnmanaged(join(path, "spool"))).toThrow(
          expect.objectContaining({ code: "spool_unusable" }),
        );
      }));

    it("later throws nothing, drops are counted, and it resumes when it can be written to again", () =>
      withTmpfs("8m", async (path) => {
        const directory = join(path, "spool");
        const { queue, tally } = openUnmanaged(directory, { ...full, segmentBytes: 1 });
        queue.append(big(0));
        const owner = join(directory, run("ls", directory).trim());
        // As root, who may write wherever the mode says no.
        run("chattr", "+i", owner);
        try {
          for (let id = 1; id < 10; id++) queue.append(big(id));
          expect(Object.fromEntries(tally.drops)).toEqual({ write_failed: 27 });
        } finally {
          run("chattr", "-i", owner);
        }
        const tookMs = await resumedAfterMs(queue, tally);
        console.log(`resumed ${tookMs.toFixed(0)} ms after the directory could be written to again`);
        expect(tookMs).toBeLessThan(MOST_MS);
        expect((await drained(queue)).ids[0]).toBe(0);
        await queue.close();
      }));
  },
);
