// Starts writers on one spool, kills them at random moments, and then counts what is left of what they were promised.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openDiskQueue } from "../../../src/pipeline/durable-span-exporter/disk/open-disk-queue.ts";
import type { FrameQueue } from "../../../src/pipeline/durable-span-exporter/frame-queue.ts";
import { memoryFirstQueue } from "../../naive/spool-memory-first.ts";
import { Tally } from "../../pipeline/durable-span-exporter/disk/spool.ts";
import { writerFrame } from "./spool-writer.ts";

const PROGRAM = fileURLToPath(new URL("spool-writer.ts", import.meta.url));
const AT_A_TIME = 2;

export interface Kills {
  readonly kills: number;
  readonly acked: number;
  /** By the writers, before they were killed. */
  readonly delivered: number;
  /** Found at the end. */
  readonly left: number;
  readonly lost: number;
  readonly twice: number;
  /** What came back and was never appended so. */
  readonly wrong: number;
  /** Writers that ended by themselves, and drops that one told of. */
  readonly trouble: readonly string[];
}

export async function killWriters(
  kills: number,
  durability: "none" | "fsync",
  kind: "spool" | "naive" = "spool",
): Promise<Kills> {
  const scratch = mkdtempSync(join(tmpdir(), "agent-otel-kills-"));
  try {
    let next = 0;
    const lane = async () => {
      while (next < kills) await killOne(scratch, next++, durability, kind);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, lane));
    return await count(scratch, kills, kind);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function killOne(scratch: string, number: number, durability: string, kind: string): Promise<void> {
  const args = [
    PROGRAM,
    join(scratch, "spool"),
    join(scratch, String(number)),
    String(number),
    durability,
    kind,
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  // From when its modules are loaded. Each fourth while it opens the spool, which is where it takes over what others left.
  await sleep(number % 4 === 0 ? Math.random() * 20 : 60 + Math.random() * 80);
  child.kill("SIGKILL");
  await ended;
}

async function count(scratch: string, kills: number, kind: string): Promise<Kills> {
  const tally = new Tally();
  const [acked, delivered] = [idsIn(scratch, "acked"), idsIn(scratch, "delivered")];
  const left: number[] = [];
  let wrong = 0;
  const queue = openAgain(join(scratch, "spool"), kind, tally);
  for (let frame = await queue.take(); frame !== undefined; frame = await queue.take()) {
    const id = Buffer.from(frame.body).readUInt32LE();
    if (!writerFrame(id).body.every((byte, index) => byte === frame.body[index])) wrong += 1;
    left.push(id);
    queue.settle(frame);
  }
  await queue.close();
  const seen = new Set([...left, ...delivered]);
  const trouble = linesIn(scratch, "trouble");
  return {
    kills,
    acked: acked.length,
    delivered: delivered.length,
    left: left.length,
    lost: acked.filter((id) => !seen.has(id)).length,
    twice: left.length + delivered.length - seen.size,
    wrong,
    trouble,
  };
}

function openAgain(directory: string, kind: string, tally: Tally): FrameQueue {
  if (kind === "naive") return memoryFirstQueue(directory);
  return openDiskQueue({ directory, durability: "none", maxBytes: 2 ** 30, minFreeBytes: 0 }, tally);
}

function idsIn(scratch: string, name: string): number[] {
  return linesIn(scratch, name).map(Number);
}

function linesIn(scratch: string, name: string): string[] {
  const files = readdirSync(scratch).filter((file) => file.endsWith(`.${name}`));
  // A line that was cut off by the kill promised nothing.
  return files.flatMap((file) => readFileSync(join(scratch, file), "utf8").split("\n").slice(0, -1));
}
