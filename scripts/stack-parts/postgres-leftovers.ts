import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startTime } from "./process.ts";

const NOTE = "postmaster.pid";

/** How long the children of a killed server may take to notice, in milliseconds. */
const ORPHANS_MS = 5_000;

/**
 * Makes room for a new server where one was killed. Its children notice its death by themselves, but a new server that comes
 * before that refuses to start. It also refuses while the dead one is still listed, which in a container may be for ever;
 * so the note of a server that is dead, with all its children, is taken away. One that lives is left to Postgres to refuse.
 */
export async function clearAfterKill(cluster: string): Promise<void> {
  const note = readNote(cluster);
  if (note === undefined) return;
  const deadline = Date.now() + ORPHANS_MS;
  while ((attached(note.memory) ?? 0) > 0 && Date.now() < deadline) await wait(25);
  if (attached(note.memory) === 0 && startTime(note.pid) === undefined) removeNotes(cluster);
}

interface Note {
  readonly pid: number;
  /** Id of the shared memory; undefined when the server died before it had any, and so before it had children. */
  readonly memory: string | undefined;
}

/** The first line is the pid; the seventh has the key and the id of the shared memory. */
function readNote(cluster: string): Note | undefined {
  try {
    const lines = readFileSync(join(cluster, NOTE), "utf8").split("\n");
    return { pid: Number(lines[0]), memory: lines[6]?.trim().split(/\s+/)[1] };
  } catch {
    return undefined;
  }
}

/** The same note lies beside the socket, whose folder is the cluster's. */
function removeNotes(cluster: string): void {
  const names = readdirSync(cluster).filter((name) => name === NOTE || name.startsWith(".s.PGSQL."));
  for (const name of names) rmSync(join(cluster, name), { force: true });
}

/**
 * @returns How many processes hold the shared memory; undefined where the system has no table to read. The table's columns:
 *   key, id, rights, size, two pids, number of processes.
 */
function attached(id: string | undefined): number | undefined {
  try {
    const rows = readFileSync("/proc/sysvipc/shm", "utf8").split("\n");
    const row = rows.map((line) => line.trim().split(/\s+/)).find((columns) => columns[1] === id);
    return Number(row?.[6] ?? 0);
  } catch {
    return undefined;
  }
}
