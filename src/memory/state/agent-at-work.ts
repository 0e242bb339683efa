import { activeScope } from "../../agent/active-scope.ts";
import { checkKey } from "../../internal/check-key.ts";
import { checkName } from "../../internal/check-name.ts";

const UNKNOWN = "unknown";

/** @returns The agent that is named, else the one at work. @throws TypeError on a bad name. */
export function agentAtWork(named: string | undefined): string {
  if (named === undefined) return plainName(activeScope()?.agent);
  checkName("sharedState: agent", named);
  checkKey("sharedState: agent", named);
  return named;
}

/**
 * Who asks for a lock, so that he does not wait for himself: the agent that is named, else the call of an agent that is at work. Two calls
 * of one agent are two. Outside of agents `undefined`: nobody is the same as anybody.
 */
export function lockIdentity(named: string | undefined): unknown {
  return named ?? activeScope()?.own;
}

/** Names of agents are any text, and not every store keeps any text. */
function plainName(name: string | undefined): string {
  return name?.replaceAll("\0", "").toWellFormed() || UNKNOWN;
}
