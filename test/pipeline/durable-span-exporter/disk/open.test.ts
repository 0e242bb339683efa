import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import type { DiskQueueOptions } from "../../../../src/pipeline/durable-span-exporter/disk/disk-queue-options.ts";
import { openDiskQueue } from "../../../../src/pipeline/durable-span-exporter/disk/open-disk-queue.ts";
import { open, scratch, Tally } from "./spool.ts";

const isRoot = process.geteuid?.() === 0;

function opening(directory: string, options: Partial<DiskQueueOptions> = {}): () => unknown {
  const defaults = { durability: "none", maxBytes: 2 ** 20, minFreeBytes: 0 } as const;
  return () => openDiskQueue({ directory, ...defaults, ...options }, new Tally());
}

describe("a mistake is a TypeError that names the directory, and nothing is written", () => {
  it("a file", () => {
    const path = join(scratch(), "file");
    writeFileSync(path, "mine");
    expect(opening(path)).toThrow(TypeError);
    expect(opening(path)).toThrow(JSON.stringify(path));
  });

  it("a path below a file", () => {
    const file = join(scratch(), "file");
    writeFileSync(file, "mine");
    expect(opening(join(file, "spool"))).toThrow(`directory must be a directory: ${file} is not`);
  });

  it("a symbolic link", () => {
    const directory = scratch();
    mkdirSync(join(directory, "real"));
    symlinkSync(join(directory, "real"), join(directory, "link"));
    expect(opening(join(directory, "link"))).toThrow(/must not be a symbolic link/);
    expect(readdirSync(join(directory, "real"))).toEqual([]);
  });

  it.each([0o770, 0o777, 0o1777, 0o720])("a directory with mode %o, which others may write to", (mode) => {
    const directory = join(scratch(), "shared");
    mkdirSync(directory);
    chmodSync(directory, mode);
    expect(opening(directory)).toThrow(/must not be writable by group or others/);
    expect(readdirSync(directory)).toEqual([]);
  });

  it.skipIf(!isRoot)("a directory of another user (needs root to make one)", () => {
    const directory = join(scratch(), "theirs");
    mkdirSync(directory, { mode: 0o700 });
    chownSync(directory, 12_345, 12_345);
    expect(opening(directory)).toThrow("must belong to the user of this process (0), not to 12345");
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each(["", " ", "a\0b"])("the path %j", (path) => {
    expect(opening(path)).toThrow(/directory must be a path/);
  });

  it.each([
    [{ maxBytes: 0 }, RangeError, "maxBytes must be a whole number >= 1, got 0"],
    [{ maxBytes: Number.NaN }, RangeError, "maxBytes must be a whole number >= 1, got NaN"],
    [{ minFreeBytes: -1 }, RangeError, "minFreeBytes must be a whole number >= 0, got -1"],
    [{ segmentBytes: 1.5 }, RangeError, "segmentBytes must be a whole number >= 1, got 1.5"],
    [
      { durability: "yes" as "none" },
      TypeError,
      'durability must be one of none, interval, fsync, got "yes"',
    ],
    [{ policy: "x" as "drop_oldest" }, TypeError, 'policy must be one of drop_oldest, drop_newest, got "x"'],
  ])("the options %j", (options, type, message) => {
    const directory = join(scratch(), "spool");
    expect(opening(directory, options)).toThrow(type);
    expect(opening(directory, options)).toThrow(message);
    expect(() => statSync(directory)).toThrow("ENOENT");
  });
});

describe("a directory that cannot be used now", () => {
  it("says so by its code", () => {
    // Nobody can make anything there.
    const directory = "/proc/agent-otel-spool";
    expect(opening(directory)).toThrow(expect.objectContaining({ code: "spool_unusable", directory }));
  });

  it.skipIf(isRoot)("is one without permission too (root has every permission)", () => {
    const directory = scratch();
    chmodSync(directory, 0o500);
    expect(opening(join(directory, "spool"))).toThrow(expect.objectContaining({ code: "spool_unusable" }));
    expect(opening(directory)).toThrow(expect.objectContaining({ code: "spool_unusable" }));
  });
});

describe("a directory", () => {
  it("that others may list is used as it is: what is put into it is private by itself", () => {
    const directory = scratch();
    chmodSync(directory, 0o755);
    open(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o755);
    expect(readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o777)).toEqual([
      0o700,
    ]);
  });

  it("may be given relative to where the process is", () => {
    const directory = join(scratch(), "spool");
    open(relative(process.cwd(), directory));
    expect(readdirSync(directory)).toHaveLength(1);
  });
});
