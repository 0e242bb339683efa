import type { AgentAccount } from "./agent-account.ts";

/** So many tokens from one donor. */
export interface Take {
  readonly donor: AgentAccount;
  readonly tokens: number;
}

/**
 * Whom to take tokens from: the one that has been idle longest first, of equals the one with the lowest priority, and from each at most
 * half of what it has left.
 *
 * @param idleSinceMs Those that were active after it are left alone. Monotonic milliseconds.
 * @returns Together `wanted`, or as much as there is.
 */
export function takesFor(
  accounts: Iterable<AgentAccount>,
  taker: AgentAccount,
  wanted: number,
  idleSinceMs: number,
): readonly Take[] {
  const donors = [...accounts].filter(
    (account) => account !== taker && account.rest > 1 && account.lastActiveMs <= idleSinceMs,
  );
  donors.sort((a, b) => a.lastActiveMs - b.lastActiveMs || a.priority - b.priority);
  const takes: Take[] = [];
  let missing = wanted;
  for (const donor of donors) {
    if (missing === 0) break;
    const tokens = Math.min(Math.floor(donor.rest / 2), missing);
    takes.push({ donor, tokens });
    missing -= tokens;
  }
  return takes;
}
