import { activeContext, activeScope, applyInScope, scopeContext } from "./active-scope.ts";
import { Scope } from "./scope.ts";

const MAX_LENGTH = 256;

/**
 * Runs `fn` as part of the conversation `id`: every span below carries it as `gen_ai.conversation.id`. It never becomes a
 * metric label and is never sent to a provider.
 *
 * @param id The conversation's own id in your system; the conventions forbid one that is made up. 1 to 256 characters.
 * @returns What `fn` returns.
 * @throws TypeError when the id is unfit.
 */
export function conversation<T>(id: string, fn: () => T): T {
  if (typeof id !== "string" || id === "" || id.length > MAX_LENGTH) {
    const got = typeof id === "string" ? `${id.length} characters` : typeof id;
    throw new TypeError(`conversation: id must be a string of 1 to ${MAX_LENGTH} characters, got ${got}`);
  }
  const scope = Scope.conversation(activeScope(), id);
  return applyInScope(scopeContext(activeContext(), scope, undefined), scope, fn, undefined, []);
}
