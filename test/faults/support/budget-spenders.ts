import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("../programs/budget-spender.ts", import.meta.url));

export interface Spender {
  readonly process: ChildProcess;
  /** What it was granted until it ended. */
  readonly granted: Promise<number>;
}

/** @param place A file, or the URL of Redis. */
export function startSpender(place: string, limit: number, kind = "guard", ttlMs = 60_000): Spender {
  const args = [PROGRAM, place, String(limit), kind, String(ttlMs)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  const granted = Promise.all([text(child.stdout), ended]).then(
    ([said]) =>
      // A line that a kill cut off was written before the call as well.
      said.split("\n").filter((line) => line !== "").length * 10,
  );
  return { process: child, granted };
}

export async function grantedTo(spenders: readonly Spender[]): Promise<number> {
  const all = await Promise.all(spenders.map(({ granted }) => granted));
  return all.reduce((sum, each) => sum + each, 0);
}
