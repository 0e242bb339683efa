/** The `code` of a file system's error, as ENOSPC. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** Runs what may fail without harm. @returns whether it went well */
export function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

const PASSING: ReadonlySet<string | undefined> = new Set([
  "EMFILE",
  "ENFILE",
  "ENOMEM",
  "EAGAIN",
  "EINTR",
  "EBUSY",
]);

/** Whether the same may well succeed a little later. */
export function isPassing(error: unknown): boolean {
  return PASSING.has(codeOf(error));
}

/** Whether the disk has no more room, for anybody or for this user. */
export function isFull(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOSPC" || code === "EDQUOT";
}
