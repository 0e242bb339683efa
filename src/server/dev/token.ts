import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** 256 random bits, fit for a fragment of an address. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Keeps the token where only this user can read it, for programs of theirs. @returns Takes it away. */
export function keepToken(path: string, token: string): () => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(path, { force: true });
  // `wx`: a link that somebody puts there in between is not followed.
  writeFileSync(path, `${token}\n`, { mode: 0o600, flag: "wx" });
  // The mode above is cut by the umask, never widened; this is for a umask that takes reading away.
  chmodSync(path, 0o600);
  return () => rmSync(path, { force: true });
}
