import { linkSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isAlive, readProcess, startTime, writeProcess } from "./process.ts";

/**
 * Runs `work` while no other process holds `file`. A lock whose holder died is taken over. Two takers at the same
 * instant could both get in; what is done under these locks then fails or is done twice, but never mixed up.
 */
export async function withLock<T>(file: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const mine = `${file}.${process.pid}`;
  writeProcess(mine, { pid: process.pid, started: startTime(process.pid) ?? "" });
  try {
    for (let told = false; !taken(mine, file); await wait(250)) {
      const holder = readProcess(file);
      if (holder === undefined) continue; // given back between the two looks
      if (!isAlive(holder)) {
        discard(file, `${mine}.dead`);
        rmSync(`${file}.${holder.pid}`, { force: true });
      } else if (!told) {
        told = true;
        onWait();
      }
    }
    try {
      return await work();
    } finally {
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** A link, since it makes name and content in one step: nobody can see an empty lock. */
function taken(mine: string, file: string): boolean {
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function discard(file: string, aside: string): void {
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch {
    // Someone else took it away first.
  }
}
