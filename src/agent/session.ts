import { context } from "@opentelemetry/api";
import { activeScope, applyInScope, scopeContext } from "./active-scope.ts";
import { Scope } from "./scope.ts";
import { isId, isTag, joinedTags, MAX_ID, MAX_TAG, MAX_TAGS } from "./session/session-facts.ts";

/** Whose session it is: see {@link session}. What is left out is as around it. */
export interface SessionContext {
  /** `gen_ai.conversation.id`: the conversation's own id in your system; the conventions forbid one that is made up. 1 to 256 characters. */
  readonly conversation?: string;
  /** `user.id`: the user's id in your system, better not their name or address. 1 to 256 characters. */
  readonly user?: string;
  /** `agents.session.tags`: up to 16 words of 1 to 64 characters, as `beta`. Added to those around it. */
  readonly tags?: readonly string[];
}

/**
 * Runs `fn` as part of a session: every span below carries conversation, user and tags, those of other instrumentations too where
 * `agentSpanProcessor` sees them. They never become metric labels, and never leave the process, unless `propagateSession` says so.
 *
 * @returns What `fn` returns.
 * @throws TypeError that names the field, where one is unfit.
 */
export function session<T>(of: SessionContext, fn: () => T): T {
  check(of);
  if (typeof fn !== "function")
    throw new TypeError(`session: the second argument must be a function, got ${typeof fn}`);
  const around = activeScope();
  const scope = Scope.session(around, of.conversation ?? around?.conversation, {
    user: of.user ?? around?.session?.user,
    tags: joinedTags(around?.session?.tags, of.tags),
  });
  return applyInScope(scopeContext(context.active(), scope, undefined), scope, fn, undefined, []);
}

function check(of: SessionContext): void {
  if (typeof of !== "object" || of === null)
    throw new TypeError(`session: the first argument must be an object, got ${String(of)}`);
  const { conversation, user, tags } = of;
  checkId("conversation", conversation);
  checkId("user", user);
  if (tags === undefined) return;
  if (!Array.isArray(tags) || tags.length > MAX_TAGS || !tags.every(isTag))
    throw new TypeError(
      `session: tags must be a list of at most ${MAX_TAGS} strings of 1 to ${MAX_TAG} characters`,
    );
}

/** Never shows the id: it is a person's. */
function checkId(field: string, value: unknown): void {
  if (value === undefined || isId(value)) return;
  const got = typeof value === "string" ? `${value.length} characters` : typeof value;
  throw new TypeError(`session: ${field} must be a string of 1 to ${MAX_ID} characters, got ${got}`);
}
