import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { fileStore } from "../../src/index.ts";
import { keyHash } from "../../src/internal/check-key.ts";
import { FencedFolders } from "../../src/stores/file/fenced-folders.ts";
import { fileCheckpoints } from "../../src/stores/file/file-checkpoints.ts";
import { fileText, replaceFile } from "../../src/stores/file/folder-files.ts";
import { ManualClock } from "../../src/testing/index.ts";
import { claimOf, holdOf, stepOf } from "../faults/support/checkpoint-claims.ts";
import { seal } from "../faults/support/hostile-checkpoints.ts";
import { checkpointStoreSuite } from "./checkpoint-store-suite.ts";

describe("checkpoints in files", () => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-checkpoints-"));
  const clock = new ManualClock();
  afterAll(() => rmSync(directory, { recursive: true }));
  const open = (name: string) => fileCheckpoints(join(directory, name), clock);

  let place = "";
  beforeEach(() => {
    place = randomUUID();
  });

  checkpointStoreSuite({ open: async () => open(place), pass: (ms) => clock.advance(ms) });

  it("make nothing where they are only looked for", async () => {
    const store = open("unread");
    expect(await store.read("a")).toBeUndefined();
    expect(await store.list({ limit: 10 })).toEqual([]);
    expect([await store.cancel("a"), await store.reopen("a")]).toEqual([undefined, undefined]);
    expect(await store.sweep("refunds", 0)).toBe(0);
    expect(readdirSync(directory)).not.toContain("unread");
  });

  it("believe no lease that a clock gave which was a day ahead", async () => {
    const store = open("clock");
    const ahead = clock.now();
    const hold = holdOf(await store.claim(claimOf()));
    clock.setWallClock(ahead - 2 * 86_400_000);
    expect(await store.claim(claimOf({ id: hold.id }))).toMatchObject({ kind: "claimed" });
    clock.setWallClock(ahead);
  });

  it("are not stuck where a process has taken a run and ended before it could say so", async () => {
    const store = open("taken");
    const former = holdOf(await store.claim(claimOf()));
    await store.commit(former, stepOf(0));
    const folders = new FencedFolders(join(directory, "taken"));
    await folders.take(folders.at(keyHash(former.id), 1));
    expect(await store.commit(former, stepOf(1))).toBe("lost");
    const { run } = (await store.read(former.id))!;
    expect(run).toMatchObject({ status: "running", epoch: 2, leaseUntilMs: 0 });
    // Its lease is not over, but nobody can use it any more.
    const claim = await store.claim(claimOf({ id: former.id }));
    expect(claim).toMatchObject({ kind: "claimed", run: { epoch: 3, crashes: 1 }, steps: [stepOf(0)] });
    expect(await store.commit(holdOf(claim), stepOf(1))).toBe("committed");
  });

  it("are waited for where a process has taken a run and is about to say so", async () => {
    const store = open("taking");
    const former = holdOf(await store.claim(claimOf()));
    await store.end(former, "running");
    const folders = new FencedFolders(join(directory, "taking"));
    const taken = (await folders.take(folders.at(keyHash(former.id), 1)))!;
    const other = store.claim(claimOf({ id: former.id }));
    const text = (await fileText(taken, "status.json", 10_000))!;
    await replaceFile(
      taken,
      "status.json",
      sealedWith(text, { epoch: 2, leaseUntilMs: clock.now() + 60_000 }),
    );
    expect(await other).toMatchObject({ kind: "held", forMs: 60_000 });
  });

  it("let one of eight have a run at a time, of whom each tries again, and keep all steps", async () => {
    const stores = Array.from({ length: 8 }, () => open("crowd"));
    const id = "crowded";
    let seq = 0;
    const work = async (store: (typeof stores)[number]) => {
      while (seq < 40) {
        const claim = await store.claim(claimOf({ id }));
        if (claim.kind !== "claimed") continue;
        expect(claim.steps.length).toBe(seq);
        expect(await store.commit(holdOf(claim), stepOf(seq))).toBe("committed");
        seq += 1;
        await store.end(holdOf(claim), "running");
      }
    };
    await Promise.all(stores.map(work));
    const found = (await stores[0]!.read(id))!;
    expect(found.steps.map((step) => step.seq)).toEqual([...Array(seq).keys()]);
    expect(found.run.crashes).toBe(0);
  });
});

describe("fileStore", () => {
  it.each(["", "  ", "a\0b", undefined, 7])("refuses %j as a directory", (path) => {
    expect(() => fileStore(path as string)).toThrow(
      /^fileStore: directory must be the path of a folder, got /,
    );
  });

  it("makes nothing before it is written to, and can be closed twice", async () => {
    const path = join(tmpdir(), "agent-otel-never-made");
    const store = fileStore(path);
    expect(store.name).toBe(path);
    await store.close();
    await store.close();
    expect(readdirSync(tmpdir())).not.toContain("agent-otel-never-made");
  });
});

function sealedWith(text: string, change: object): string {
  return seal(JSON.stringify({ ...(JSON.parse(text.split("\n")[1]!) as object), ...change }));
}
