// Cuts the power of a spool: a file system in an image, whose file holds exactly what has reached the disk. The image is copied
// while the writer is stopped, and the copy is mounted as a machine would that starts anew.
import { spawn } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openDiskQueue } from "../../../src/pipeline/durable-span-exporter/disk/open-disk-queue.ts";
import { idOf, Tally } from "../../pipeline/durable-span-exporter/disk/spool.ts";
import { run } from "./spool-mount.ts";

const PROGRAM = fileURLToPath(new URL("spool-writer.ts", import.meta.url));
const IMAGE_BYTES = 64 * 2 ** 20;

export interface Cut {
  readonly acked: number;
  readonly found: number;
  readonly lost: number;
  readonly corrupt: number;
}

/** Why no image can be mounted here, or `undefined` where it can. */
export async function whyNoImage(): Promise<string | undefined> {
  if (process.geteuid?.() !== 0) return "it needs root to mount a file system";
  try {
    await withImage(async (image, at) => mounted(image, at, () => {}));
    return undefined;
  } catch (error) {
    return `loop devices do not work here: ${String(error).split("\n")[0]}`;
  }
}

export function cutPower(durability: "none" | "fsync", afterMs: number): Promise<Cut> {
  return withImage(async (image, at) => {
    const files = `${image}.writer`;
    const copy = `${image}.copy`;
    await mounted(image, at, async () => {
      const args = [PROGRAM, join(at, "spool"), files, "0", durability, "keep"];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      try {
        await new Promise((resolve) => child.stdout.once("data", resolve));
        await sleep(afterMs);
        child.kill("SIGSTOP");
        await isStopped(child.pid!);
        copyFileSync(image, copy);
      } finally {
        child.kill("SIGKILL");
        await ended;
      }
    });
    const acked = readFileSync(`${files}.acked`, "utf8").split("\n").slice(0, -1).map(Number);
    return mounted(copy, at, () => verify(join(at, "spool"), acked));
  });
}

async function verify(directory: string, acked: readonly number[]): Promise<Cut> {
  const tally = new Tally();
  const found = new Set<number>();
  const queue = openDiskQueue({ directory, durability: "none", maxBytes: 2 ** 30, minFreeBytes: 0 }, tally);
  for (let frame = await queue.take(); frame !== undefined; frame = await queue.take())
    found.add(idOf(frame));
  await queue.close();
  const lost = acked.filter((id) => !found.has(id)).length;
  return { acked: acked.length, found: found.size, lost, corrupt: tally.corrupted.frames };
}

async function isStopped(pid: number): Promise<void> {
  while (!/\) T /.test(readFileSync(`/proc/${pid}/stat`, "latin1"))) await sleep(1);
}

async function withImage<T>(use: (image: string, at: string) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), "agent-otel-power-"));
  try {
    const [image, at] = [join(scratch, "image"), join(scratch, "mnt")];
    mkdirSync(at);
    writeFileSync(image, "");
    truncateSync(image, IMAGE_BYTES);
    run("mkfs.ext4", "-q", "-E", "root_owner=0:0", image);
    return await use(image, at);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A long commit interval, so that the file system brings nothing to the disk that nobody asked for. */
async function mounted<T>(image: string, at: string, use: () => T | Promise<T>): Promise<T> {
  run("mount", "-o", "loop,commit=300", image, at);
  try {
    return await use();
  } finally {
    run("umount", at);
  }
}
