import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, statSync } from "node:fs";
import { type Account, StackError } from "./part.ts";

/**
 * For programs that refuse to run as root.
 *
 * @param names Users to take, best first, when we are root.
 * @returns Nothing when we are not root: then the program runs as the caller, as all others do.
 */
export function unprivileged(names: readonly string[]): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of names) {
    const [uid, gid] = [id("-u", name), id("-g", name)];
    if (uid !== undefined && gid !== undefined && uid !== 0) return { uid, gid };
  }
  throw new StackError(`this needs a user besides root: none of ${names.join(", ")} exists`);
}

function id(what: "-u" | "-g", name: string): number | undefined {
  try {
    return Number(
      execFileSync("id", [what, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  } catch {
    return undefined;
  }
}

/**
 * Gives `folder` to the account. Folders above it that only their owner can enter are opened to the account's group, to
 * pass through and not to read.
 *
 * @param above Folders that are the stack's own, so that we may change their rights.
 */
export function handOver(folder: string, above: readonly string[], account: Account): void {
  for (const one of above) letThrough(one, account);
  chownSync(folder, account.uid, account.gid);
  chmodSync(folder, 0o700);
  try {
    execFileSync("test", ["-x", folder], { ...account, cwd: "/", stdio: "ignore" });
  } catch {
    throw new StackError(
      `${folder} must be reachable for user ${account.uid}, since this program refuses to run as root: name another folder with --dir`,
    );
  }
}

/** Someone who gave rights to a group of their own keeps them: those folders stay as they are. */
function letThrough(folder: string, { gid }: Account): void {
  const { mode, uid } = statSync(folder);
  if ((mode & 0o071) !== 0) return;
  chownSync(folder, uid, gid);
  chmodSync(folder, (mode & 0o7777) | 0o010);
}
