import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { codeOf } from "./system-error.ts";

/** Which process, of all that may share a volume. */
export interface ProcessIdentity {
  readonly hostname: string;
  /** Changes when the machine starts anew. Empty where the system tells none. */
  readonly bootId: string;
  /** Containers count their processes apart: the same pid in another namespace is another process. Empty as above. */
  readonly pidNamespace: string;
  readonly pid: number;
  /** Since a pid is given again. In clock ticks after boot; "0" where the system tells none. */
  readonly startTime: string;
}

export type OwnerState = "alive" | "dead" | "elsewhere";

const LIVE = /^live-(\d{1,20})-(\d{1,20})-([0-9a-f]{16})-[0-9a-f]{8}$/;
const LEFT = /^left-[0-9a-f-]{1,100}$/;

export function thisProcess(): ProcessIdentity {
  return {
    hostname: hostname(),
    bootId: orEmpty(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()),
    pidNamespace: orEmpty(() => readlinkSync("/proc/self/ns/pid")),
    pid: process.pid,
    startTime: startTimeOf(process.pid).startTime ?? "0",
  };
}

/**
 * A name for the directory of one queue. It says all that is needed to decide whether its process still runs, so that a
 * damaged owner file changes nothing.
 */
export function newOwnerName(identity: ProcessIdentity): string {
  const { pid, startTime } = identity;
  return `live-${pid}-${startTime}-${placeOf(identity)}-${randomBytes(4).toString("hex")}`;
}

/** The name for a directory that its owner has closed with frames in it: anybody may have it. */
export function leftName(ownerName: string): string {
  return ownerName.replace(/^live-/, "left-");
}

/** @returns `undefined` where this is no directory of a queue. */
export function ownerState(name: string, us: ProcessIdentity): OwnerState | undefined {
  if (LEFT.test(name)) return "dead";
  const [, pid, startTime, place] = LIVE.exec(name) ?? [];
  if (pid === undefined) return undefined;
  if (place !== placeOf(us)) return "elsewhere";
  return isRunning(Number(pid), startTime ?? "0") ? "alive" : "dead";
}

/** Where a pid means the same process. */
function placeOf({ hostname: host, bootId, pidNamespace }: ProcessIdentity): string {
  return createHash("sha256").update([host, bootId, pidNamespace].join("\0")).digest("hex").slice(0, 16);
}

function isRunning(pid: number, startTime: string): boolean {
  if (startTime === "0") return answersSignals(pid);
  const found = startTimeOf(pid);
  if (found.state === "gone") return false;
  // Who cannot be looked at is left alone.
  return found.startTime === undefined || found.startTime === startTime;
}

interface Found {
  readonly state: "runs" | "gone" | "unknown";
  readonly startTime?: string | undefined;
}

function startTimeOf(pid: number): Found {
  try {
    // The name of the program comes before, in parentheses, and may have spaces and parentheses in it.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // Killed, and only its parent has not asked for the exit code.
    if (fields[0] === "Z" || fields[0] === "X") return { state: "gone" };
    return { state: "runs", startTime: fields[19] };
  } catch (error) {
    const code = codeOf(error);
    return { state: code === "ENOENT" || code === "ESRCH" ? "gone" : "unknown" };
  }
}

function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
