import { lstatSync, readdirSync, renameSync, rmdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { isCursorFile, readCursor } from "./cursor-file.ts";
import { loadSegment } from "./load-segment.ts";
import { OWNER_FILE, type OwnerDirectory } from "./owner-directory.ts";
import { ownerState, type ProcessIdentity } from "./owner-identity.ts";
import { isPrivate } from "./private-directory.ts";
import type { Quarantine } from "./quarantine.ts";
import type { Segment } from "./segment.ts";
import { SEGMENT_SUFFIX } from "./segment-writer.ts";
import { attempt, isPassing } from "./system-error.ts";

/** Owners write their file every 10 s; who has not for this long, and cannot be seen from here, is dead. */
export const LEASE_MS = 120_000;
const CLAIMED = "claimed-";

export interface AdoptParts {
  readonly directory: OwnerDirectory;
  readonly us: ProcessIdentity;
  readonly quarantine: Quarantine;
  /** Takes the segments over, cursor included: after it their old one is removed. */
  readonly take: (segments: readonly Segment[]) => void;
  /** A file could not be read, and was set aside. */
  readonly onUnreadable: () => void;
}

/**
 * Takes over what dead processes have left. Never throws; what cannot be read is set aside.
 *
 * A directory is claimed by one rename, which only one process can win, and its segments are then moved next to ours. A
 * process that dies over it leaves what it had claimed to the next one.
 */
export function adoptOrphans(parts: AdoptParts): void {
  const { directory, us, quarantine, take } = parts;
  for (const name of entriesOf(directory.root)) {
    if (!isOrphan(directory, name, us)) continue;
    attempt(() => renameSync(join(directory.root, name), join(directory.path, CLAIMED + name)));
  }
  const claimed = claimedIn(directory.path);
  if (claimed.length === 0) return;
  take(claimed.flatMap((path) => moveSegments(path, parts)));
  for (const path of claimed) clear(path, quarantine);
}

function isOrphan(directory: OwnerDirectory, name: string, us: ProcessIdentity): boolean {
  const path = join(directory.root, name);
  if (name === directory.name || !isPrivate(path)) return false;
  const state = ownerState(name, us);
  if (state === "elsewhere") return hasExpired(path, directory);
  return state === "dead";
}

/** By the file system's own clock: those of two machines may differ. */
function hasExpired(path: string, directory: OwnerDirectory): boolean {
  try {
    const file = lstatSync(join(path, OWNER_FILE), { throwIfNoEntry: false }) ?? lstatSync(path);
    return directory.fileSystemNow() - file.mtimeMs > LEASE_MS;
  } catch {
    return false;
  }
}

/** Also those that a claimed one had claimed itself, moved up so that they never nest deeper. */
function claimedIn(path: string): readonly string[] {
  const claimed = entriesOf(path).filter((name) => name.startsWith(CLAIMED));
  for (const outer of claimed) {
    for (const inner of entriesOf(join(path, outer))) {
      if (!inner.startsWith(CLAIMED)) continue;
      if (attempt(() => renameSync(join(path, outer, inner), join(path, inner)))) claimed.push(inner);
    }
  }
  return claimed.map((name) => join(path, name));
}

function moveSegments(from: string, { directory, quarantine, onUnreadable }: AdoptParts): readonly Segment[] {
  const to = directory.path;
  const cursor = readCursor(from);
  return entriesOf(from).flatMap((name) => {
    if (!name.endsWith(SEGMENT_SUFFIX)) return [];
    try {
      const segment = loadSegment(name, join(from, name), cursor.get(name));
      renameSync(join(from, name), join(to, name));
      segment.file.path = join(to, name);
      return [segment];
    } catch (error) {
      // Too many open files, and the like: left where it is, until the next time.
      if (!isPassing(error) && quarantine.setAside(join(from, name))) onUnreadable();
      return [];
    }
  });
}

function clear(path: string, quarantine: Quarantine): void {
  for (const name of entriesOf(path)) {
    // Still here only where it could not be read for now.
    if (name.endsWith(SEGMENT_SUFFIX)) continue;
    const isKnown = name === OWNER_FILE || isCursorFile(name);
    if (!isKnown || !attempt(() => unlinkSync(join(path, name)))) quarantine.setAside(join(path, name));
  }
  attempt(() => rmdirSync(path));
}

function entriesOf(path: string): string[] {
  try {
    return readdirSync(path).toSorted();
  } catch {
    return [];
  }
}
