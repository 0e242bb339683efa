import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** A pid alone may belong to someone else by now; a pid with its start time cannot. */
export interface ProcessId {
  readonly pid: number;
  readonly started: string;
}

/** @returns When the process started, in whatever form the system has; undefined when it is gone or a zombie. */
export function startTime(pid: number): string | undefined {
  try {
    if (existsSync("/proc/self/stat")) {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // After the name, which is in parentheses and may hold anything: state first, start time twentieth.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
    }
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return line.startsWith("Z") ? undefined : line.replace(/^\S+\s+/, "") || undefined;
  } catch {
    return undefined;
  }
}

export function isAlive(id: ProcessId): boolean {
  return startTime(id.pid) === id.started;
}

export function writeProcess(file: string, id: ProcessId): void {
  writeFileSync(file, `${JSON.stringify(id)}\n`);
}

/** @returns What the file says, alive or not; undefined when there is no file or it is broken. */
export function readProcess(file: string): ProcessId | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof read !== "object" || read === null || !("pid" in read) || !("started" in read))
      return undefined;
    return typeof read.pid === "number" && typeof read.started === "string"
      ? { pid: read.pid, started: read.started }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Asks first, kills after the grace time, and returns when the process is gone. */
export async function stop(
  id: ProcessId,
  file: string,
  signal: NodeJS.Signals = "SIGTERM",
  graceMs = 10_000,
): Promise<"stopped" | "killed" | "gone"> {
  let outcome: "stopped" | "killed" | "gone" = "gone";
  if (isAlive(id)) {
    outcome = "stopped";
    process.kill(id.pid, signal);
    if (!(await endsWithin(id, graceMs))) {
      outcome = "killed";
      process.kill(id.pid, "SIGKILL");
      await endsWithin(id, graceMs);
    }
  }
  rmSync(file, { force: true });
  return outcome;
}

async function endsWithin(id: ProcessId, ms: number): Promise<boolean> {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await wait(25)) {
    if (!isAlive(id)) return true;
  }
  return !isAlive(id);
}
