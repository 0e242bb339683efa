import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const SHAPE = /^[\w-]{43}\n$/;

/** 256 random bits, fit for a fragment of an address. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * Keeps the token where only this user can read it, for programs of theirs. One that an earlier run has left there is replaced.
 *
 * @returns Takes it away, unless somebody else has put theirs there.
 * @throws Error where something else has that name, which is left as it is; what the system says.
 */
export function keepToken(path: string, token: string): () => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const before = textOf(path);
  if (before !== undefined && !SHAPE.test(before))
    throw new Error(`cannot keep the token: ${path} is not a file that agent-otel has made`);
  rmSync(path, { force: true });
  // `wx`: a link that somebody puts there in between is not followed. The umask may take rights away from the mode, never add any.
  writeFileSync(path, `${token}\n`, { mode: 0o600, flag: "wx" });
  return () => {
    if (textOf(path) === `${token}\n`) rmSync(path, { force: true });
  };
}

/** `undefined`: there is none. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
